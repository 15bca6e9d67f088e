import { z } from 'zod';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const smallestWindow = { width: 960, height: 600 };
const firstWindow = { width: 1280, height: 800 };

const coordinate = z.int().min(-100_000).max(100_000);
const side = z.int().min(1).max(100_000);

/** Where the last window was, as the settings keep it. */
export const windowPlaceSchema = z.object({
  x: coordinate,
  y: coordinate,
  width: side,
  height: side,
  maximized: z.boolean(),
});
export type WindowPlace = z.infer<typeof windowPlaceSchema>;

/** So much of the title bar has to be on a screen for a hand to reach it. */
const grip = { width: 120, height: 32 };

/** Where to open a window: where the last one was, unless the screen it was on is gone or has become smaller. */
export function placeOnScreen(
  stored: WindowPlace | undefined,
  workAreas: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  if (!stored) return firstWindow;
  const { x, y } = stored;
  for (const area of workAreas) {
    const width = Math.max(smallestWindow.width, Math.min(stored.width, area.width));
    const height = Math.max(smallestWindow.height, Math.min(stored.height, area.height));
    const seen = overlap(area, { x, y, width, height: grip.height });
    if (seen.width >= grip.width && seen.height >= grip.height) return { x, y, width, height };
  }
  return firstWindow;
}

function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  };
}

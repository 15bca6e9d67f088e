import { textWidth } from '../render/font.ts';

export interface Mark {
  x: number;
  y: number;
  text: string;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Places a label beside each mark, first come first served, where it covers no mark and no earlier label; `y` of the
 * result is the baseline. Around a crowded mark the label goes further out.
 */
export function placedLabels(marks: readonly Mark[], area: { width: number; height: number; size: number }): Mark[] {
  const radius = 2.5;
  const taken: Box[] = marks.map(({ x, y }) => ({
    left: x - radius,
    top: y - radius,
    right: x + radius,
    bottom: y + radius,
  }));
  return marks.map(({ x, y, text }) => {
    const width = textWidth(text, area.size);
    const height = area.size * 0.7;
    const boxes = candidates(x, y, width, height, radius);
    const cost = (box: Box) => taken.filter((other) => overlap(box, other)).length + (outside(box, area) ? 2 : 0);
    const best = boxes.reduce((found, box) => (cost(box) < cost(found) ? box : found));
    taken.push(best);
    return { x: best.left, y: best.bottom, text };
  });
}

/** To the right, left, above and below, and at the corners; then the same further out. */
function candidates(x: number, y: number, width: number, height: number, radius: number): Box[] {
  const sides = [
    [1, 0],
    [-1, 0],
    [0, -1],
    [0, 1],
    [1, -1],
    [1, 1],
    [-1, -1],
    [-1, 1],
  ];
  return [1, 5, 10, 16].flatMap((distance) =>
    sides.map(([dx, dy]) => {
      const left = x - width / 2 + dx * (width / 2 + radius + distance * 0.6);
      const top = y - height / 2 + dy * (height / 2 + radius + distance * 0.6);
      return { left, top, right: left + width, bottom: top + height };
    }),
  );
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function outside(box: Box, { width, height }: { width: number; height: number }): boolean {
  return box.left < 0 || box.right > width || box.top < 0 || box.bottom > height;
}

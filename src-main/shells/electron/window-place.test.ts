import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeOnScreen, windowPlaceSchema } from './window-place.ts';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const beside = { x: 1440, y: 0, width: 2560, height: 1440 };
const place = (x: number, y: number, width: number, height: number) => ({ x, y, width, height, maximized: false });

test('a window opens where the last one was', () => {
  expect(placeOnScreen(place(100, 60, 1200, 700), [laptop])).toEqual({ x: 100, y: 60, width: 1200, height: 700 });
  expect(placeOnScreen(place(2000, 10, 2000, 1300), [laptop, beside])).toMatchObject({ x: 2000, width: 2000 });
});

test('the first one, and one whose screen is gone, opens in the middle', () => {
  const first = { width: 1280, height: 800 };
  expect(placeOnScreen(undefined, [laptop])).toEqual(first);
  expect(placeOnScreen(place(2000, 10, 2000, 1300), [laptop])).toEqual(first);
  expect(placeOnScreen(place(100, -800, 1200, 700), [laptop])).toEqual(first);
  expect(placeOnScreen(place(1400, 60, 1200, 700), [laptop])).toEqual(first);
});

test('one that no longer fits is made smaller', () => {
  expect(placeOnScreen(place(0, 25, 2560, 1440), [laptop])).toMatchObject({ width: 1440, height: 875 });
});

test('whatever was stored, the title bar can be reached', () => {
  const anywhere = fc.integer({ min: -5000, max: 5000 });
  const size = fc.integer({ min: 1, max: 5000 });
  fc.assert(
    fc.property(anywhere, anywhere, size, size, (x, y, width, height) => {
      const opened = placeOnScreen(place(x, y, width, height), [laptop, beside]);
      if (opened.x === undefined || opened.y === undefined) return;
      const { x: left, y: top } = opened;
      const reachable = [laptop, beside].some(
        (area) =>
          left + opened.width > area.x && left < area.x + area.width && top >= area.y && top < area.y + area.height,
      );
      expect(reachable).toBe(true);
    }),
  );
});

test.each([{}, null, { x: 0.5, y: 0, width: 1, height: 1, maximized: true }, place(1e9, 0, 1, 1), place(0, 0, 0, 1)])(
  '%j is no place',
  (stored) => {
    expect(windowPlaceSchema.safeParse(stored).success).toBe(false);
  },
);

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestIndex, smooth, thinned } from './series.ts';

test('smoothing keeps constants and the first value, and weighs the past', () => {
  expect(smooth([3, 3, 3], 0.9)).toEqual([3, 3, 3].map((value) => expect.closeTo(value, 12)));
  expect(smooth([1, 2], 0)).toEqual([1, 2]);
  // (0.5 * 0.5 * 1 + 0.5 * 2) / 0.75
  expect(smooth([1, 2], 0.5)).toEqual([1, expect.closeTo(1.25 / 0.75, 12)]);
});

const growing = fc
  .uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1 })
  .map((x) => x.toSorted((a, b) => a - b));

test('the nearest x is what looking at each one finds', () => {
  fc.assert(
    fc.property(growing, fc.integer({ min: -10, max: 1010 }), (x, at) => {
      const distances = x.map((value) => Math.abs(value - at));
      expect(nearestIndex(x, at)).toBe(distances.indexOf(Math.min(...distances)));
    }),
  );
  expect(nearestIndex([], 1)).toBe(-1);
});

test('a thinned line keeps its ends and extremes, in order, and is short', () => {
  const y = Array.from({ length: 10_000 }, (_, at) => Math.sin(at) * (1 + (at % 997)));
  const x = y.map((_, at) => at);
  const kept = thinned(x, y, [0, 9999], 300);
  expect(kept.length).toBeLessThanOrEqual(1200);
  expect(kept).toEqual(kept.toSorted((a, b) => a - b));
  expect([kept[0], kept.at(-1)]).toEqual([0, 9999]);
  expect(Math.max(...kept.map((at) => y[at]))).toBe(Math.max(...y));
  expect(Math.min(...kept.map((at) => y[at]))).toBe(Math.min(...y));
});

test('of a part of a line, one point on each side is drawn too', () => {
  expect(thinned([0, 10, 20, 30, 40], [0, 0, 0, 0, 0], [12, 22], 100)).toEqual([1, 2, 3]);
  expect(thinned([0, 10], [0, 0], [20, 30], 100)).toEqual([1]);
  expect(thinned([], [], [0, 1], 100)).toEqual([]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linearScale, logScale } from './scale.ts';

test('a linear axis has round ticks around its values and stops at its limits', () => {
  expect(linearScale([0.97, 0.86]).ticks).toEqual([0.85, 0.9, 0.95, 1]);
  expect(linearScale([0.97, 0.995], { limits: [-1, 1] }).ticks).toEqual([0.97, 0.98, 0.99, 1]);
  expect(linearScale([-0.31, 0.5]).ticks).toEqual([-0.5, 0, 0.5]);
  expect(linearScale([3, 3]).ticks.length).toBeGreaterThan(1);
  expect(linearScale([]).ticks).toEqual([0, 0.5, 1]);
});

test('a logarithmic axis has ticks at 1, 2 and 5, or at powers of ten when it is long', () => {
  expect(logScale([0.0012, 0.0043]).ticks).toEqual([0.001, 0.002, 0.005]);
  expect(logScale([0.0012, 4]).ticks).toEqual([0.001, 0.01, 0.1, 1]);
  expect(logScale([0, -1]).ticks.length).toBeGreaterThan(1);
});

test('every value lies on its axis, in order', () => {
  const numbers = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(numbers, fc.constantFrom(linearScale, logScale), (values, scale) => {
      const { place, ticks } = scale(values);
      for (const value of values) {
        expect(place(value)).toBeGreaterThanOrEqual(-1e-6);
        expect(place(value)).toBeLessThanOrEqual(1 + 1e-6);
      }
      expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
      expect(place(Math.max(...values))).toBeGreaterThanOrEqual(place(Math.min(...values)));
    }),
  );
});

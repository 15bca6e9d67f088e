import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisOver, position, ticks, valueAt } from './axis.ts';

test('ticks are round', () => {
  expect(ticks({ from: 0, to: 1, log: false }, 4)).toEqual([0, 0.5, 1]);
  expect(ticks({ from: 0.13, to: 0.42, log: false }, 3)).toEqual([0.2, 0.3, 0.4]);
  expect(ticks({ from: -40, to: 600, log: false }, 5)).toEqual([0, 200, 400, 600]);
  expect(ticks({ from: 0.8, to: 20, log: true }, 6)).toEqual([1, 2, 5, 10, 20]);
  expect(ticks({ from: 1e-6, to: 1, log: true }, 4)).toEqual([1e-6, 1e-4, 1e-2, 1]);
});

const value = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

test('every value lies on its axis, ticks too, and is found again by its position', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), fc.boolean(), (values, log) => {
      const axis = axisOver(values, log);
      for (const one of values) {
        expect(position(axis, one)).toBeGreaterThanOrEqual(0);
        expect(position(axis, one)).toBeLessThanOrEqual(1);
        const tolerance = Math.abs(one) * 1e-9 + (log ? 0 : (axis.to - axis.from) * 1e-9);
        expect(Math.abs(valueAt(axis, position(axis, one)) - one)).toBeLessThanOrEqual(tolerance);
      }
      const found = ticks(axis, 5);
      expect(found.length).toBeLessThanOrEqual(12);
      for (const tick of found) {
        expect(tick).toBeGreaterThanOrEqual(axis.from - Math.abs(axis.from) * 1e-6 - 1e-12);
        expect(tick).toBeLessThanOrEqual(axis.to + Math.abs(axis.to) * 1e-6 + 1e-12);
      }
    }),
  );
});

test('an axis without values, or whose logarithm nothing has, is still one', () => {
  expect(axisOver([], false)).toEqual({ from: 0, to: 1, log: false });
  expect(axisOver([0, -1], true)).toEqual({ from: 0.1, to: 1, log: true });
  expect(axisOver([Number.NaN, 2], false)).toMatchObject({ from: 1.9, to: 2.1 });
});

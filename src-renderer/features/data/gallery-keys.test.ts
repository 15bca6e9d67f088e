import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeAfter } from './gallery-keys.ts';

const layout = { total: 23, columns: 5, pageRows: 3 };

test('arrows, pages and ends', () => {
  const from = (place: number) => (key: string) => placeAfter(key, place, layout);
  expect(['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'Home', 'End'].map(from(7))).toEqual([8, 6, 12, 2, 0, 22]);
  expect(['PageDown', 'PageUp'].map(from(7))).toEqual([22, 2]);
  expect(['ArrowUp', 'ArrowLeft'].map(from(0))).toEqual([0, 0]);
  expect(['ArrowDown', 'ArrowRight'].map(from(22))).toEqual([22, 22]);
  expect(placeAfter('a', 7, layout)).toBeUndefined();
});

test('no key leads out of the gallery', () => {
  const keys = ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'];
  const size = fc.integer({ min: 1, max: 60 });
  fc.assert(
    fc.property(fc.constantFrom(...keys), size, fc.nat(), size, size, (key, total, at, columns, pageRows) => {
      const next = placeAfter(key, at % total, { total, columns, pageRows });
      expect(next).toBeGreaterThanOrEqual(0);
      expect(next).toBeLessThan(total);
    }),
  );
});

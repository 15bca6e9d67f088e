import { expect, test } from 'vitest';
import { lowerBound } from './scale.ts';

test('an axis begins at the tenth below its smallest value', () => {
  expect(lowerBound([0.97, 0.86])).toBe(0.8);
  expect(lowerBound([-0.31, 0.5])).toBe(-0.4);
  expect(lowerBound([0.99])).toBe(0.9);
  expect(lowerBound([])).toBe(0.9);
});

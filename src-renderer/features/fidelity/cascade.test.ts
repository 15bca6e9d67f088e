import { expect, test } from 'vitest';
import { flipKind, windowLabel, windowOf } from './cascade.ts';
import { percent, points } from './format.ts';

test('windows in words and addresses', () => {
  expect(windowLabel(3, 12)).toBe('3→11');
  expect(windowOf('3.cls')).toEqual({ from: 3, tokens: 'cls' });
  expect(['', '3', '3.some', '-1.all', '99999.all', undefined].map(windowOf)).toEqual(Array(6).fill(undefined));
});

test('a flip loses a right answer, wins one, or moves between wrong ones', () => {
  expect(flipKind({ truth: 1, before: 1, after: 2 })).toBe('lost');
  expect(flipKind({ truth: 1, before: 2, after: 1 })).toBe('won');
  expect(flipKind({ truth: 1, before: 2, after: 3 })).toBe('moved');
});

test('shares and their differences', () => {
  expect(percent(0.61654)).toBe('61.7 %');
  expect([0.0123, -0.0123, 0.0004, -0.0004].map(points)).toEqual(['+1.2', '−1.2', '0.0', '0.0']);
});

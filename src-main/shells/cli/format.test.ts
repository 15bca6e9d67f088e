import fc from 'fast-check';
import { expect, it } from 'vitest';
import { duration, significant, table } from './format.ts';

it.each([
  [0.4, '0 s'],
  [59.4, '59 s'],
  [59.6, '1 m 00 s'],
  [3599.7, '1 h 00 m'],
  [11_400, '3 h 10 m'],
])('says %d seconds as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

it('keeps three digits of small numbers', () => {
  expect([0, 0.5, 0.00321, 0.000321].map(significant)).toEqual(['0.00', '0.500', '0.00321', '3.21e-4']);
});

it('aligns numbers right and words left, and every column begins where its heading does', () => {
  const rows = [
    ['layer', 'R2', 'note'],
    ['L0', '0.9', 'a'],
    ['L10', '-0.75', ''],
  ];
  expect(table(rows)).toBe('layer     R2  note\nL0       0.9  a\nL10    -0.75');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1 }), (cells) => {
      expect(table(cells)).toContain(cells[0][0].trimEnd());
    }),
  );
});

import { expect, test } from 'vitest';
import { significant } from './format.ts';

test('figures are short and lose nothing that is read', () => {
  const values = [0, 0.5, 1, 12.345, 1234.5, 2e-4, 1.5e-5, 0.0123, -0.25, -2e-7];
  expect(values.map((value) => significant(value))).toEqual([
    '0',
    '0.5',
    '1',
    '12.3',
    '1,235',
    '2e-4',
    '1.5e-5',
    '0.0123',
    '-0.25',
    '-2e-7',
  ]);
  expect(significant(31.9951, true)).toBe('31.9951');
});

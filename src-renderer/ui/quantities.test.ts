import { expect, test } from 'vitest';
import { bytes, count, counted, duration, percent, short } from './quantities.ts';

test('numbers are written with the digits and units a person reads', () => {
  expect([0, 999, 10665].map(count)).toEqual(['0', '999', '10,665']);
  expect([counted(1, 'class', 'classes'), counted(82, 'class', 'classes')]).toEqual(['1 class', '82 classes']);
  expect(percent(0.644026)).toBe('64.4 %');
  expect([0, 999, 1000, 2676, 999_499, 999_600, 18_067_916, 911_997_824, 2e13].map(bytes)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.00 kB',
    '2.68 kB',
    '999 kB',
    '1.00 MB',
    '18.1 MB',
    '912 MB',
    '20.0 TB',
  ]);
  expect([768, 6144, 4_511_489, 999_600].map(short)).toEqual(['768', '6.14 k', '4.51 M', '1.00 M']);
  expect([0, 0.3, 45.4, 338.4, 59.6, 7500, 400_000].map(duration)).toEqual([
    '0 s',
    'under 1 s',
    '45 s',
    '5 min 38 s',
    '1 min 0 s',
    '2 h 5 min',
    '4.6 days',
  ]);
});

import { expect, test } from 'vitest';
import { columns, type MetricsRow, meanOverLayers, tokenGroupOf } from './metrics.ts';

const row = (layer: number, cosine: number): MetricsRow => ({
  layer,
  cosine,
  mse: 0.000012345,
  r2: -0.25,
  l0: 32,
  dead: 0.1,
});

test('a token group in an address is one of the three', () => {
  expect(['cls', 'patches', 'all', 'CLS', undefined].map(tokenGroupOf)).toEqual([
    'cls',
    'patches',
    'all',
    'all',
    'all',
  ]);
});

test('the mean is over layers', () => {
  expect(meanOverLayers([row(0, 0.375), row(1, 0.875)], 'cosine')).toBe(0.625);
});

test('values are written with the digits that matter', () => {
  expect(columns.map(({ key, format }) => format(row(0, 0.98765)[key]))).toEqual([
    '0.988',
    '0.0000123',
    '-0.250',
    '32.0',
    '10.0 %',
  ]);
});

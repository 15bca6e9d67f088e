import { expect, test } from 'vitest';
import { byLayer, columns, type MetricsRow, meanOverLayers } from './metrics.ts';

const row = (layer: number, cosine: number): MetricsRow => ({
  layer,
  cosine,
  mse: 0.000012345,
  r2: -0.25,
  l0: 32,
  dead: 0.1,
});
const reconstruction = {
  cls: [row(0, 0.5), row(1, 0.75)],
  patches: [row(0, 0.25), row(1, 1)],
  all: [row(0, 0.375), row(1, 0.875)],
};

test('a metric is laid out by layer, the token groups side by side', () => {
  expect(byLayer(reconstruction, 'cosine')).toEqual([
    { layer: 0, cls: 0.5, patches: 0.25, all: 0.375 },
    { layer: 1, cls: 0.75, patches: 1, all: 0.875 },
  ]);
});

test('the mean is over layers', () => {
  expect(meanOverLayers(reconstruction.all, 'cosine')).toBe(0.625);
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

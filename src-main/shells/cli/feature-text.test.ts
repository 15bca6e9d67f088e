import { expect, it } from 'vitest';
import type { FeatureDetails } from '../../store/features.ts';
import { featuresText, featureText } from './feature-text.ts';
import { amount, layerNumber, wholeNumber } from './numbers.ts';

const firing: FeatureDetails = {
  layer: 1,
  feature: 7,
  rate: 0.125,
  rateCls: 0.5,
  ratePatches: 0.1,
  imageRate: 0.75,
  mean: -0.5,
  max: -2.25,
  label: 'grey cat',
  cosine: 0.5,
  margin: 0.0125,
  topImages: [
    { image: 3, token: 0, value: -2.25, path: 'train/cat/3.png', className: 'cat' },
    { image: 1, token: 12, value: 1.5, path: 'train/dog/1.png', className: 'dog' },
  ],
  histogram: [
    { className: 'cat', images: 1 },
    { className: 'dog', images: 1 },
  ],
  decoderNorms: [
    { target: 1, norm: 0.5 },
    { target: 2, norm: 1.25 },
  ],
  nearest: [{ feature: 9, cosine: 0.75, label: null }],
};

const dead: FeatureDetails = {
  ...firing,
  rate: 0,
  max: 0,
  mean: 0,
  label: null,
  cosine: null,
  margin: null,
  topImages: [],
  histogram: [],
};

it('lists features, and says where the page is', () => {
  const row = { ...firing, decoderNorms: [0.5, 1.25] };
  const lines = featuresText({ total: 1234, features: [row, { ...row, label: null, margin: null }] }, 10).split('\n');
  expect(lines[1]).toBe('L1           7  grey cat   0.013  12.50 %  50.00 %  -2.25  -0.50');
  expect(lines[2]).toContain('L1           7  -              -');
  expect(lines.at(-1)).toBe('11 to 12 of 1,234 features');
  expect(featuresText({ total: 0, features: [] }, 0)).toBe('No feature is like that.');
  expect(featuresText({ total: 3, features: [] }, 9)).toBe('There are only 3.');
});

it('shows all about a feature', () => {
  const text = featureText(firing);
  expect(text).toContain('Feature 7 of layer L1: grey cat (cosine 0.500, margin 0.013)');
  expect(text).toContain('Fires on 12.50 % of the tokens (CLS 50.00 %, patches 10.00 %) and on 75.00 % of the images;');
  expect(text).toMatch(/-2\.250 +CLS +cat +train\/cat\/3\.png/);
  expect(text).toMatch(/1\.500 +12 +dog +train\/dog\/1\.png/);
  expect(text).toContain('Classes of these images: cat 1, dog 1');
  expect(text).toContain('Decoder norms: L1 0.500, L2 1.250');
  expect(text).toMatch(/9 +0\.750 +-/);
  expect(featureText({ ...firing, margin: null })).toContain('(cosine 0.500)');
  expect(featureText(dead)).toMatch(/^Feature 7 of layer L1: never fires\n\nDecoder norms/);
});

it('takes numbers as people write them, and names the option of one that is none', () => {
  expect([wholeNumber('--limit', '20', 1), amount('--min-rate', '.01'), layerNumber('--layer', 'L3')]).toEqual([
    20, 0.01, 3,
  ]);
  expect(() => wholeNumber('--limit', '0', 1)).toThrow('--limit: expected a whole number of at least 1, found 0');
  for (const text of ['', ' ', 'x', '-1', 'Infinity']) expect(() => amount('--min-rate', text)).toThrow('--min-rate');
  expect(() => layerNumber('--layer', 'last')).toThrow('--layer');
});

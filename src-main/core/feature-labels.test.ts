import fc from 'fast-check';
import { expect, it } from 'vitest';
import { labelFeature, meanDirection } from './feature-labels.ts';

const value = fc.integer({ min: -3, max: 3 });

it('finds the text of largest cosine and its margin over the next', () => {
  const texts = fc.array(fc.tuple(value, value, value), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(fc.tuple(value, value, value), texts, (embedding, rows) => {
      fc.pre(embedding.some((item) => item !== 0) && rows.every((row) => row.some((item) => item !== 0)));
      const unit = rows.map((row) => row.map((item) => item / Math.hypot(...row)));
      const cosines = unit.map((row) => row.reduce((sum, item, at) => sum + item * embedding[at], 0));
      const scaled = cosines.map((cosine) => cosine / Math.hypot(...embedding));
      const [best, second] = scaled.toSorted((a, b) => b - a);
      const label = labelFeature(Float32Array.from(embedding), Float32Array.from(unit.flat()));
      expect(scaled[label?.text ?? -1]).toBeCloseTo(best, 5);
      expect(label?.cosine).toBeCloseTo(best, 5);
      expect(label?.margin).toBeCloseTo(best - second, 5);
    }),
  );
});

it('gives a tie to the first text, and no margin where there is one text only', () => {
  const embedding = Float32Array.of(2, 0);
  expect(labelFeature(embedding, Float32Array.of(0, 1, 1, 0, 1, 0))).toEqual({ text: 1, cosine: 1, margin: 0 });
  expect(labelFeature(embedding, Float32Array.of(0, 1))).toEqual({ text: 0, cosine: 0, margin: null });
});

it('has no label for a feature that never fired, nor without texts', () => {
  expect(labelFeature(new Float32Array(2), Float32Array.of(0, 1))).toBeUndefined();
  expect(labelFeature(Float32Array.of(1, 0), new Float32Array(0))).toBeUndefined();
});

it('takes directions from the centre when there is one', () => {
  const mean = meanDirection([Float32Array.of(3, 4), new Float32Array(2), Float32Array.of(2, 0)], 2);
  expect([...mean]).toEqual([Math.fround(0.8), Math.fround(0.4)]);
  const texts = Float32Array.of(1, 0, 0, 1);
  const embedding = Float32Array.of(5, 4);
  expect(labelFeature(embedding, texts)?.text).toBe(0);
  const centred = labelFeature(embedding, texts, mean);
  const [x, y] = [5 / Math.hypot(5, 4) - 0.8, 4 / Math.hypot(5, 4) - 0.4];
  expect(centred?.text).toBe(1);
  expect(centred?.cosine).toBeCloseTo(y / Math.hypot(x, y), 5);
  expect(centred?.margin).toBeCloseTo((y - x) / Math.hypot(x, y), 5);
});

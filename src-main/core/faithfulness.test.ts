import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FaithfulnessMeter } from './faithfulness.ts';
import { LinearCka } from './linear-cka.ts';
import { correlation, ranks, spearman } from './rank.ts';
import { Rng } from './rng.ts';

test('ranks: ties share the mean of their places', () => {
  expect(Array.from(ranks([10, 30, 20, 30]))).toEqual([1, 3.5, 2, 3.5]);
  expect(spearman([1, 2, 3], [10, 100, 1000])).toBeCloseTo(1, 12);
  expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  // Pearson's correlation of the ranks 1, 2.5, 2.5, 4, 5 and 2, 1, 3, 5, 4.
  expect(spearman([1, 2, 2, 4, 5], [2, 1, 3, 5, 4])).toBeCloseTo(0.7181848464596079, 12);
  expect(correlation([1, 1, 1], [1, 2, 3])).toBe(0);
});

test('the sum of ranks does not depend on ties', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1 }), (values) => {
      const n = values.length;
      expect(ranks(values).reduce((a, b) => a + b, 0)).toBeCloseTo((n * (n + 1)) / 2, 9);
    }),
  );
});

test('linear CKA: 1 under rotation, scale and shift, and as the direct formula on centred kernels', () => {
  const rng = new Rng(1, 'cka');
  const a = Array.from({ length: 30 }, () => Float32Array.from({ length: 3 }, () => rng.uniform()));
  const turned = a.map(([x, y, z]) => Float32Array.of(2 * y + 5, -2 * x, 2 * z - 1));
  const other = a.map(([x, y]) => Float32Array.from([x * y, rng.uniform(), y]));
  const streaming = (b: Float32Array[]) => {
    const cka = new LinearCka(3);
    a.forEach((row, at) => {
      cka.add(row, b[at]);
    });
    return cka.finish();
  };
  expect(streaming(turned)).toBeCloseTo(1, 6);
  const centredKernel = (rows: Float32Array[]) => {
    const mean = [0, 1, 2].map((d) => rows.reduce((sum, row) => sum + row[d], 0) / rows.length);
    const centred = rows.map((row) => Array.from(row, (value, d) => value - mean[d]));
    return centred.flatMap((left) => centred.map((right) => left.reduce((sum, value, d) => sum + value * right[d], 0)));
  };
  const dot = (p: number[], q: number[]) => p.reduce((sum, value, at) => sum + value * q[at], 0);
  const [k, l] = [centredKernel(a), centredKernel(other)];
  expect(streaming(other)).toBeCloseTo(dot(k, l) / Math.sqrt(dot(k, k) * dot(l, l)), 6);
});

test('a model against itself is faithful; a known pair has known figures', () => {
  const frozen = { logits: Float32Array.of(2, 1, 0, -1, -2, -3), embedding: Float32Array.of(1, 0) };
  const replaced = { logits: Float32Array.of(1, 2, 0, -1, -3, -2), embedding: Float32Array.of(1, 1) };
  const self = new FaithfulnessMeter(2);
  self.add(0, frozen, frozen);
  self.add(5, replaced, replaced);
  const same = self.finish();
  expect(same).toMatchObject({ n: 2, top1: 0.5, top5: 1, frozenTop1: 0.5, flipRate: 0, top5Agreement: 1 });
  expect(same.kl).toBeCloseTo(0, 12);
  expect(same.cosine).toBeCloseTo(1, 7);
  expect(same.spearman).toBeCloseTo(1, 12);

  const pair = new FaithfulnessMeter(2);
  pair.add(0, frozen, replaced);
  const changed = pair.finish();
  expect(changed).toMatchObject({ n: 1, top1: 0, top5: 1, frozenTop1: 1, flipRate: 1, top5Agreement: 0.8 });
  expect(changed.cosine).toBeCloseTo(Math.SQRT1_2, 6);
  const total = [2, 1, 0, -1, -2, -3].reduce((sum, value) => sum + Math.exp(value), 0);
  const p = [2, 1, 0, -1, -2, -3].map((value) => Math.exp(value) / total);
  // The replaced logits are a permutation, so both partition functions are equal.
  const kl = p[0] * (2 - 1) + p[1] * (1 - 2) + p[4] * (-2 + 3) + p[5] * (-3 + 2);
  expect(changed.kl).toBeCloseTo(kl, 6);
});

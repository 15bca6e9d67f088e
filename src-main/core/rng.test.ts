import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Permutation } from './permutation.ts';
import { Rng } from './rng.ts';

test('a stream is a function of seed and name, and streams differ', () => {
  const draw = (seed: number, stream: string) => {
    const rng = new Rng(seed, stream);
    return Array.from({ length: 4 }, () => rng.uint32());
  };
  expect(draw(1, 'a')).toEqual(draw(1, 'a'));
  expect(draw(1, 'a')).not.toEqual(draw(2, 'a'));
  expect(draw(1, 'a')).not.toEqual(draw(1, 'b'));
});

test('these exact numbers: a change would break every recorded run', () => {
  const rng = new Rng(0, 'init/W_enc_0');
  expect(Array.from({ length: 4 }, () => rng.uint32())).toMatchInlineSnapshot(`
    [
      3950397716,
      173647868,
      2688464028,
      381105930,
    ]
  `);
});

test('uniform numbers have the mean, variance and serial correlation of uniform numbers', () => {
  const rng = new Rng(7, 'moments');
  const values = Array.from({ length: 200_000 }, () => rng.uniform());
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const variance = centred.reduce((sum, value) => sum + value * value, 0) / values.length;
  const serial = centred.reduce((sum, value, at) => sum + value * (centred[at + 1] ?? 0), 0) / values.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.003);
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.001);
  expect(Math.abs(serial / variance)).toBeLessThan(0.01);
});

test('below() reaches every value and nothing else, evenly', () => {
  const rng = new Rng(3, 'below');
  const counts = new Array<number>(7).fill(0);
  for (let draw = 0; draw < 70_000; draw++) counts[rng.below(7)] += 1;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test('a permutation takes every place exactly once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (size, seed) => {
      const permutation = new Permutation(size, seed, 'test');
      const places = new Set(Array.from({ length: size }, (_, index) => permutation.at(index)));
      expect(places.size).toBe(size);
      expect(Math.max(...places)).toBe(size - 1);
    }),
    { numRuns: 50 },
  );
});

test('a permutation of more items than 32 bits hold stays in range', () => {
  const size = 2 ** 40 + 12_345;
  const permutation = new Permutation(size, 1, 'large');
  const places = Array.from({ length: 2000 }, (_, index) => permutation.at(index));
  expect(new Set(places).size).toBe(2000);
  for (const place of places) expect(place >= 0 && place < size && Number.isInteger(place)).toBe(true);
});

test('a shuffle leaves no trace of the order: neighbours end up far apart on average', () => {
  const size = 10_000;
  const permutation = new Permutation(size, 4, 'spread');
  let distance = 0;
  for (let index = 1; index < size; index++) distance += Math.abs(permutation.at(index) - permutation.at(index - 1));
  // The mean distance of two independent places is size / 3.
  expect(Math.abs(distance / (size - 1) / (size / 3) - 1)).toBeLessThan(0.05);
});

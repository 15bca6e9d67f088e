import fc from 'fast-check';
import { expect, test } from 'vitest';
import { initialParameters } from './clt-init.ts';
import { cltParameters, parameterCount } from './clt-shape.ts';
import { DeadFeatures } from './dead-features.ts';
import { encodeFloat16 } from './float16.ts';
import { lambdaAt, learningRateAt, peakLearningRate } from './schedule.ts';
import { StatisticsSums, standardiseRows } from './standardise.ts';
import { sampleTokens, tokensPerImage } from './tokens.ts';

test('sampled tokens are CLS and distinct patches in ascending order, the same whenever they are asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 200 }),
      fc.nat({ max: 220 }),
      fc.nat(),
      fc.nat(),
      (tokens, n, seed, image) => {
        const chosen = sampleTokens(tokens, n, seed, image);
        expect(chosen).toHaveLength(tokensPerImage(tokens, n));
        expect(chosen[0]).toBe(0);
        for (let at = 1; at < chosen.length; at++) expect(chosen[at]).toBeGreaterThan(chosen[at - 1]);
        expect(chosen[chosen.length - 1]).toBeLessThan(tokens);
        expect(sampleTokens(tokens, n, seed, image)).toEqual(chosen);
      },
    ),
  );
  expect(sampleTokens(5, 'all', 0, 0)).toEqual([0, 1, 2, 3, 4]);
});

test('every patch is sampled equally often', () => {
  const counts = new Array<number>(9).fill(0);
  for (let image = 0; image < 8000; image++) for (const token of sampleTokens(9, 4, 1, image)) counts[token] += 1;
  expect(counts[0]).toBe(8000);
  for (const count of counts.slice(1)) expect(Math.abs(count - 4000)).toBeLessThan(250);
});

test('the learning rate warms up, stays, and falls over the last fifth', () => {
  const config = { steps: 100, learningRate: 'auto' as const, warmupSteps: 10, decayShare: 0.2 };
  expect(peakLearningRate(config, 2 ** 14)).toBeCloseTo(2e-4, 12);
  expect(peakLearningRate(config, 768)).toBeCloseTo(2e-4 / Math.sqrt(768 / 16384), 12);
  const rates = Array.from({ length: 100 }, (_, step) => learningRateAt({ ...config, learningRate: 1 }, 768, step));
  expect(rates[0]).toBeCloseTo(0.1);
  expect(rates[9]).toBe(1);
  expect(rates[80]).toBe(1);
  expect(rates[90]).toBeCloseTo(0.5);
  expect(rates[99]).toBeCloseTo(0.05);
  expect(lambdaAt(0.4, 100, 0)).toBeCloseTo(0.004);
  expect(lambdaAt(0.4, 100, 99)).toBeCloseTo(0.4);
});

test('standardised training tokens have mean 0 and one scalar RMS of 1 per layer and side', () => {
  const [layers, width, tokens] = [3, 5, 400];
  const values = Float32Array.from({ length: tokens * layers * 2 * width }, (_, at) => {
    const layer = Math.floor(at / (2 * width)) % layers;
    return Math.sin(at * 12.9898) * (layer + 1) + (at % width) - 1;
  });
  const rows = new Uint16Array(values.length);
  encodeFloat16(values, rows);
  const half = Math.floor(tokens / 2) * layers * 2 * width;
  const [sums, rest] = [new StatisticsSums(layers, width), new StatisticsSums(layers, width)];
  sums.addRows(rows.subarray(0, half));
  rest.addRows(rows.subarray(half));
  sums.add(rest);
  const statistics = sums.finish();
  expect(statistics.tokens).toBe(tokens);
  const [x, y] = [new Float32Array(rows.length / 2), new Float32Array(rows.length / 2)];
  standardiseRows(rows, statistics, x, y);
  for (const side of [x, y]) {
    for (let layer = 0; layer < layers; layer++) {
      const own = side.filter((_, at) => Math.floor(at / width) % layers === layer);
      const mean = own.reduce((a, b) => a + b, 0) / own.length;
      const rms = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0) / own.length);
      expect(Math.abs(mean)).toBeLessThan(1e-5);
      expect(rms).toBeCloseTo(1, 4);
    }
  }
});

test('a feature is dead once it has been silent for long enough, and alive again when it fires', () => {
  const dead = new DeadFeatures(new Float32Array(4), 30);
  dead.add(Float32Array.of(1, 0, 0, 2), 20);
  expect(dead.mask()).toBeUndefined();
  dead.add(Float32Array.of(1, 0, 0, 0), 20);
  expect(Array.from(dead.mask() ?? [])).toEqual([0, 1, 1, 0]);
  expect(dead.share(0, 2)).toBe(0.5);
  dead.add(Float32Array.of(0, 1, 0, 1), 20);
  expect(Array.from(dead.mask() ?? [])).toEqual([0, 0, 1, 0]);
});

test('parameters are initialised in range, from the seed, in the layout of the exchange format', () => {
  const shape = {
    layers: 3,
    width: 4,
    features: 10,
    sparsifier: { kind: 'jumprelu', parameters: { initialThreshold: 0.1 } },
  };
  const values = initialParameters(shape, 1);
  expect(parameterCount(shape)).toBe([...values.values()].reduce((sum, array) => sum + array.length, 0));
  expect(cltParameters(shape).find(({ name }) => name === 'W_dec_1')?.shape).toEqual([10, 2, 4]);
  const encoder = values.get('W_enc_0') as Float32Array;
  expect(Math.max(...encoder.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(10));
  expect(Math.max(...(values.get('W_dec_0') as Float32Array).map(Math.abs))).toBeGreaterThan(0.9 / Math.sqrt(12));
  expect(values.get('log_theta_2')?.[0]).toBeCloseTo(Math.log(0.1));
  expect(values.get('b_dec_0')?.every((value) => value === 0)).toBe(true);
  expect(initialParameters(shape, 1)).toEqual(values);
  expect(initialParameters(shape, 2).get('W_enc_0')).not.toEqual(encoder);
});

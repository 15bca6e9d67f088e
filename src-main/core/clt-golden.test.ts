import { describe, expect, test } from 'vitest';
import { readSafetensorsIndex, readTensor } from '../data/safetensors.ts';
import { goldenCase, goldenSize, relativeError } from '../testing/clt-golden.ts';
import { encode, preactivation, reconstruct } from './clt-reference.ts';
import { ContributionScores, contributionShares } from './contribution-scores.ts';
import { foldStandardisation } from './fold.ts';
import { ReconstructionMeter } from './metrics.ts';

const { layers, width, features, batch } = goldenSize;

describe.each(['relu-topk', 'abs-topk', 'jumprelu', 'relu-topk-clip'])('scores of the golden %s transcoder', (name) => {
  test('codes, reconstruction, contribution scores and metrics', async () => {
    const golden = await goldenCase(name);
    const weights = await golden.parameters('step5/');
    for (let layer = 0; layer < layers; layer++) {
      const logTheta = weights.get(`log_theta_${layer}`);
      if (logTheta) weights.set(`threshold_${layer}`, logTheta.map(Math.exp));
    }
    const x = (await golden.read('x')).subarray(0, batch * layers * width);
    const y = (await golden.read('y')).subarray(0, batch * layers * width);
    const yhat = new Float32Array(y.length);
    const l0 = new Float32Array(batch * layers);
    const h: number[] = [];
    const z: number[] = [];
    const scores = new ContributionScores(layers);
    const fired = new Float32Array(layers * features);
    for (let token = 0; token < batch; token++) {
      const own = x.subarray(token * layers * width, (token + 1) * layers * width);
      const result = reconstruct(golden.shape, weights, own);
      yhat.set(result.yhat, token * layers * width);
      scores.add(contributionShares(result.contributions));
      result.codes.forEach((code, layer) => {
        h.push(...preactivation(golden.shape, weights, layer, own.subarray(layer * width, (layer + 1) * width)));
        z.push(...code);
        code.forEach((value, feature) => {
          if (value === 0) return;
          l0[token * layers + layer] += 1;
          fired[layer * features + feature] += 1;
        });
      });
    }
    expect(relativeError(h, await golden.read('eval/h'))).toBeLessThan(1e-5);
    expect(relativeError(z, await golden.read('eval/z'))).toBeLessThan(1e-5);
    expect(relativeError(yhat, await golden.read('eval/yhat'))).toBeLessThan(1e-5);

    const matrix = scores.finish();
    expect(
      relativeError(
        matrix.flat().map((value) => value ?? 0),
        await golden.read('eval/contribution'),
      ),
    ).toBeLessThan(1e-5);
    for (let target = 0; target < layers; target++) {
      const column = matrix.reduce((sum, row) => sum + (row[target] ?? 0), 0);
      expect(Math.abs(column - 1)).toBeLessThan(1e-4);
    }

    const meter = new ReconstructionMeter(layers, width, features);
    for (let token = 0; token < batch; token++) meter.addToken(y, yhat, l0, token);
    meter.addFired(fired);
    const rows = meter.finish();
    for (const metric of ['cosine', 'mse', 'r2', 'l0'] as const) {
      const expected = await golden.read(`eval/${metric}`);
      expect(
        relativeError(
          rows.map((row) => row[metric]),
          expected,
        ),
        metric,
      ).toBeLessThan(1e-5);
    }
    expect(rows[0].dead).toBe(fired.subarray(0, features).filter((count) => count === 0).length / features);
  });
});

test('two meters added are one meter of all tokens', () => {
  const value = (at: number) => Math.sin(at * 1.7) * 3 + 5;
  const tokens = 20;
  const y = Float32Array.from({ length: tokens * layers * width }, (_, at) => value(at));
  const yhat = y.map((real, at) => real + 0.1 * Math.cos(at));
  const l0 = new Float32Array(tokens * layers).fill(2);
  const meter = () => new ReconstructionMeter(layers, width, features);
  const [whole, left, right] = [meter(), meter(), meter()];
  for (let token = 0; token < tokens; token++) {
    whole.addToken(y, yhat, l0, token);
    (token % 3 === 0 ? left : right).addToken(y, yhat, l0, token);
  }
  const fired = new Float32Array(layers * features).fill(1);
  whole.addFired(fired);
  left.addFired(fired);
  left.merge(right);
  left.finish().forEach((row, layer) => {
    const expected = whole.finish()[layer];
    for (const key of ['cosine', 'mse', 'r2', 'l0', 'dead'] as const) expect(row[key]).toBeCloseTo(expected[key], 10);
  });
});

test('folding gives the golden weights and the same raw outputs', async () => {
  const path = new URL('../../testdata/golden/clt-fold.safetensors', import.meta.url).pathname;
  const index = await readSafetensorsIndex(path);
  const shape = { layers, width, features, sparsifier: { kind: 'relu-topk', parameters: { k: 4 } } };
  const golden = await goldenCase('fold');
  const folded = foldStandardisation(shape, await golden.parameters('unfolded/'), {
    layers,
    width,
    tokens: 1,
    meanX: await readTensor(index, 'mu_x'),
    meanY: await readTensor(index, 'mu_y'),
    rmsX: await readTensor(index, 's_x'),
    rmsY: await readTensor(index, 's_y'),
  });
  for (const [name, expected] of await golden.parameters('folded/')) {
    expect(relativeError(folded.get(name) as Float32Array, expected), name).toBeLessThan(1e-5);
  }
  const x = await readTensor(index, 'x');
  const yhat: number[] = [];
  const z: number[] = [];
  for (let token = 0; token < batch; token++) {
    const own = x.subarray(token * layers * width, (token + 1) * layers * width);
    yhat.push(...reconstruct(shape, folded, own).yhat);
    for (let layer = 0; layer < layers; layer++) {
      z.push(...encode(shape, folded, layer, own.subarray(layer * width, (layer + 1) * width)));
    }
  }
  expect(relativeError(yhat, await readTensor(index, 'yhat_raw'))).toBeLessThan(1e-5);
  expect(relativeError(z, await readTensor(index, 'z'))).toBeLessThan(1e-5);
});

import { describe, expect, test } from 'vitest';
import { initialParameters } from '../core/clt-init.ts';
import { type CltShape, cltParameters } from '../core/clt-shape.ts';
import { Rng } from '../core/rng.ts';
import { sparsifierById } from '../core/sparsifiers/index.ts';
import type { SparsifierParameters } from '../core/sparsifiers/sparsifier.ts';
import { cltGradientGraph, matrixShape } from '../graphs/clt-gradient.ts';
import { goldenCase, goldenSize, relativeError } from '../testing/clt-golden.ts';
import { webgpuForTests } from '../testing/software-gpu.ts';
import { CltTrainer, type TrainingState } from './clt-trainer.ts';
import { createSession, floats, floatTensor, type Provider } from './session.ts';

const revival = { auxK: 4, auxWeight: 1 / 32, preactivationWeight: 3e-6 };
const webgpu = await webgpuForTests();

function zeroMoments(parameters: Map<string, Float32Array>): TrainingState {
  const zeros = () => new Map([...parameters].map(([name, values]) => [name, new Float32Array(values.length)]));
  return { step: 0, parameters, m: zeros(), v: zeros() };
}

async function golden(name: string, provider: Provider) {
  const { layers, width, batch, steps } = goldenSize;
  const reference = await goldenCase(name);
  const [x, y] = [await reference.read('x'), await reference.read('y')];
  const size = batch * layers * width;
  const trainer = await CltTrainer.create(
    { shape: reference.shape, provider, tokens: batch, revival, clipNorm: reference.clip ?? 1e30 },
    zeroMoments(await reference.parameters('init/')),
  );
  const states: TrainingState[] = [];
  for (let step = 0; step < steps; step++) {
    const [from, to] = [step * size, (step + 1) * size];
    const result = await trainer.train(
      { x: x.slice(from, to), y: y.slice(from, to), learningRate: reference.lr, lambda: reference.lambdas[step] },
      () => true,
    );
    expect(relativeError([result.loss], [reference.losses[step]])).toBeLessThan(1e-5);
    expect(relativeError([result.gradNorm], [reference.gradNorms[step]])).toBeLessThan(1e-5);
    states.push(structuredClone(await trainer.state()));
  }
  await trainer.release();
  return { reference, states };
}

const cases = ['relu-topk', 'abs-topk', 'jumprelu', 'relu-topk-clip'];

describe.each(cases)('golden training of %s', (name) => {
  const check = async (provider: Provider, tolerance: number) => {
    const { reference, states } = await golden(name, provider);
    for (const step of [1, goldenSize.steps]) {
      const expected = await reference.parameters(`step${step}/`);
      for (const [parameter, values] of expected) {
        const actual = states[step - 1].parameters.get(parameter) as Float32Array;
        expect(relativeError(actual, values), `${parameter} after ${step} steps`).toBeLessThan(tolerance);
      }
    }
  };
  test('on the CPU', () => check('cpu', 1e-5));
  test.runIf(webgpu.ok)('on WebGPU, every node on the device', () => check('webgpu', 1e-4));
});

describe.each(['relu-topk', 'abs-topk', 'jumprelu'])('golden gradients of %s', (name) => {
  const check = async (provider: Provider, tolerance: number) => {
    const { layers, width, batch } = goldenSize;
    const reference = await goldenCase(name);
    const session = await createSession(cltGradientGraph(reference.shape, { tokens: batch }), { provider });
    const size = batch * layers * width;
    const feeds = {
      x: floatTensor((await reference.read('x')).slice(0, size), [batch, layers * width]),
      y: floatTensor((await reference.read('y')).slice(0, size), [batch, layers * width]),
      ...(name === 'jumprelu' ? { lambda: floatTensor(Float32Array.of(reference.lambdas[0]), [1]) } : {}),
      ...(await parameterFeeds(reference.shape, await reference.parameters('init/'))),
    };
    const output = await session.run(feeds);
    for (const [parameter, values] of await reference.parameters('step1/grad/')) {
      expect(relativeError(floats(output[`grad/${parameter}`]), values), parameter).toBeLessThan(tolerance);
    }
    await session.release();
  };
  test('on the CPU', () => check('cpu', 1e-5));
  test.runIf(webgpu.ok)('on WebGPU, every node on the device', () => check('webgpu', 1e-4));
});

function parameterFeeds(shape: CltShape, parameters: Map<string, Float32Array>) {
  return Object.fromEntries(
    cltParameters(shape).map(({ name, shape: dims }) => [
      name,
      floatTensor(parameters.get(name) as Float32Array, matrixShape(dims)),
    ]),
  );
}

/** The revival terms have no golden file: central differences of the loss instead. */
describe('gradients of the dead-feature terms, by finite differences', () => {
  const tokens = 6;
  const base = { layers: 2, width: 4, features: 12 };
  const random = (length: number, stream: string, scale = 1) => {
    const rng = new Rng(5, stream);
    return Float32Array.from({ length }, () => (2 * rng.uniform() - 1) * scale);
  };
  const dead = Float32Array.from({ length: base.layers * base.features }, (_, at) => (at % 3 === 0 ? 1 : 0));

  async function evaluate(shape: CltShape, weights: Map<string, Float32Array>, strength: typeof revival) {
    const session = await createSession(cltGradientGraph(shape, { tokens, revival: strength }), { provider: 'cpu' });
    const dims = [tokens, base.layers * base.width];
    const output = await session.run({
      x: floatTensor(random(tokens * dims[1], 'x'), dims),
      y: floatTensor(random(tokens * dims[1], 'y'), dims),
      dead: floatTensor(dead, [base.layers, base.features]),
      ...(sparsifierById(shape.sparsifier.kind).regulariser ? { lambda: floatTensor(Float32Array.of(0.01), [1]) } : {}),
      ...parameterFeeds(shape, weights),
    });
    await session.release();
    return output;
  }

  async function check(shape: CltShape, strength: typeof revival, step: number) {
    const weights = initialParameters(shape, 3);
    for (const [name, values] of weights) {
      if (name.startsWith('b_')) values.set(random(values.length, name, 0.05));
    }
    const output = await evaluate(shape, weights, strength);
    for (const name of [
      'W_enc_0',
      'W_dec_0',
      'W_dec_1',
      'b_enc_1',
      ...(weights.has('log_theta_0') ? ['log_theta_0'] : []),
    ]) {
      const gradient = floats(output[`grad/${name}`]);
      const direction = random(gradient.length, `direction/${name}`);
      const shifted = async (sign: number) => {
        const moved = new Map(weights);
        moved.set(
          name,
          (weights.get(name) as Float32Array).map((value, at) => value + sign * step * direction[at]),
        );
        return floats((await evaluate(shape, moved, strength)).loss)[0];
      };
      const measured = ((await shifted(1)) - (await shifted(-1))) / (2 * step);
      const predicted = gradient.reduce((sum, value, at) => sum + value * direction[at], 0);
      expect(Math.abs(measured - predicted), name).toBeLessThan(0.02 * Math.abs(predicted) + 1e-4);
    }
  }

  test('pre-activation push', async () => {
    // A huge weight, so that the push is what is measured; no token sits within the step of a threshold.
    const parameters = { bandwidth: 1e-6, c: 4, lambda: 0.01, initialThreshold: 0.3 };
    await check(
      { ...base, sparsifier: { kind: 'jumprelu', parameters } },
      { ...revival, preactivationWeight: 5 },
      1e-4,
    );
  });

  test('ReLU, its sparsity penalty and its push', async () => {
    const parameters = { c: 4, lambda: 0.01 };
    await check({ ...base, sparsifier: { kind: 'relu', parameters } }, { ...revival, preactivationWeight: 5 }, 1e-4);
    await check({ ...base, sparsifier: { kind: 'relu', parameters } }, { ...revival, preactivationWeight: 0 }, 1e-4);
  });

  test('AuxK rebuilds a residual that is held constant', async () => {
    const shape: CltShape = { ...base, sparsifier: { kind: 'relu-topk', parameters: { k: 3 } } };
    const weights = initialParameters(shape, 3);
    const without = await evaluate(shape, weights, { ...revival, auxWeight: 0 });
    const with1 = await evaluate(shape, weights, { ...revival, auxWeight: 1 });
    const [name, step] = ['W_dec_0', 1e-3];
    const auxGradient = floats(with1[`grad/${name}`]).map((value, at) => value - floats(without[`grad/${name}`])[at]);
    // Only dead features receive anything from AuxK, though every feature receives from L_rec.
    const perFeature = auxGradient.length / base.features;
    auxGradient.forEach((value, at) => {
      if (dead[Math.floor(at / perFeature)] === 0) expect(value).toBe(0);
    });
    expect(auxGradient.some((value) => value !== 0)).toBe(true);
    // Rows of dead features that are not among the live codes: moving them leaves the residual as it is.
    const live = floats(without.fired);
    const movable = Array.from({ length: base.features }, (_, feature) => dead[feature] === 1 && live[feature] === 0);
    const direction = auxGradient.map((_, at) => (movable[Math.floor(at / perFeature)] ? 1 : 0));
    expect(direction.some((value) => value === 1)).toBe(true);
    const loss = async (sign: number) => {
      const moved = new Map(weights);
      moved.set(
        name,
        (weights.get(name) as Float32Array).map((value, at) => value + sign * step * direction[at]),
      );
      return floats((await evaluate(shape, moved, { ...revival, auxWeight: 1 })).loss)[0];
    };
    const measured = ((await loss(1)) - (await loss(-1))) / (2 * step);
    const predicted = auxGradient.reduce((sum, value, at) => sum + value * direction[at], 0);
    expect(Math.abs(measured - predicted)).toBeLessThan(0.02 * Math.abs(predicted) + 1e-4);
  });
});

test.runIf(webgpu.ok)('the dead-feature terms on WebGPU are those of the CPU, every node on the device', async () => {
  const tokens = 6;
  for (const kind of ['relu-topk', 'jumprelu']) {
    const parameters: SparsifierParameters =
      kind === 'jumprelu' ? { bandwidth: 0.1, c: 4, lambda: 0.01, initialThreshold: 0.3 } : { k: 3 };
    const shape: CltShape = { layers: 2, width: 4, features: 12, sparsifier: { kind, parameters } };
    const rng = new Rng(9, kind);
    const feeds = {
      x: floatTensor(
        Float32Array.from({ length: tokens * 8 }, () => rng.uniform() - 0.5),
        [tokens, 8],
      ),
      y: floatTensor(
        Float32Array.from({ length: tokens * 8 }, () => rng.uniform() - 0.5),
        [tokens, 8],
      ),
      dead: floatTensor(
        Float32Array.from({ length: 24 }, (_, at) => (at % 3 === 0 ? 1 : 0)),
        [2, 12],
      ),
      ...(kind === 'jumprelu' ? { lambda: floatTensor(Float32Array.of(0.01), [1]) } : {}),
      ...parameterFeeds(shape, initialParameters(shape, 1)),
    };
    const gradients = async (provider: Provider) => {
      const graph = cltGradientGraph(shape, { tokens, revival: { ...revival, preactivationWeight: 1 } });
      const session = await createSession(graph, { provider });
      const output = await session.run(feeds);
      await session.release();
      return cltParameters(shape).map(({ name }) => floats(output[`grad/${name}`]));
    };
    const [cpu, gpu] = [await gradients('cpu'), await gradients('webgpu')];
    cpu.forEach((expected, at) => {
      expect(relativeError(gpu[at], expected)).toBeLessThan(1e-4);
    });
  }
});

test('a batch that is not accepted leaves the weights as they were', async () => {
  const reference = await goldenCase('relu-topk');
  const before = await reference.parameters('init/');
  const { batch } = goldenSize;
  const trainer = await CltTrainer.create(
    { shape: reference.shape, provider: 'cpu', tokens: batch, revival, clipNorm: 1 },
    zeroMoments(await reference.parameters('init/')),
  );
  const size = batch * goldenSize.layers * goldenSize.width;
  const broken = new Float32Array(size).fill(Number.NaN);
  const seen: number[] = [];
  await trainer.train({ x: broken, y: broken, learningRate: 1, lambda: 0 }, ({ loss }) => {
    seen.push(loss);
    return Number.isFinite(loss);
  });
  expect(seen).toEqual([Number.NaN]);
  expect(trainer.step).toBe(0);
  expect((await trainer.state()).parameters).toEqual(before);
  await trainer.release();
});

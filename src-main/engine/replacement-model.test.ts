import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contribution, encode, reconstruct } from '../core/clt-reference.ts';
import { contributionPairs, contributionShares } from '../core/contribution-scores.ts';
import { cascadeGates, type Gates } from '../core/gates.ts';
import { Rng } from '../core/rng.ts';
import { sparsifierIds } from '../core/sparsifiers/index.ts';
import { tokenGroups } from '../core/tokens.ts';
import { type ClipFolder, readClipFolder } from '../data/clip-folder.ts';
import { readSafetensorsIndex, readTensor, writeSafetensors } from '../data/safetensors.ts';
import { type Matrix, visionReference } from '../testing/clip-reference.ts';
import { relativeError } from '../testing/clt-golden.ts';
import { writeRandomClt } from '../testing/random-clt.ts';
import { webgpuForTests } from '../testing/software-gpu.ts';
import { writeTinyClip } from '../testing/tiny-clip.ts';
import { ReplacementModel } from './replacement-model.ts';
import type { Provider } from './session.ts';
import { VisionTower } from './vision-tower.ts';

const webgpu = await webgpuForTests();
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'strata-replacement-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

async function tinyClip(seed: number): Promise<ClipFolder> {
  const folder = join(dir, `clip-${seed}`);
  const vision = { hidden_size: 8, intermediate_size: 12, num_hidden_layers: 3, num_attention_heads: 2 };
  await writeTinyClip(folder, { vision, imageSize: 6, patchSize: 2, activation: 'quick_gelu', dtype: 'F32', seed });
  return readClipFolder(folder);
}

function randomPixels(clip: ClipFolder, images: number, seed: number): Float32Array {
  const rng = new Rng(seed, 'pixels');
  return Float32Array.from({ length: images * 3 * clip.vision.imageSize ** 2 }, () => 2 * rng.uniform() - 1);
}

async function frozenEmbeddings(clip: ClipFolder, pixels: Float32Array, provider: Provider) {
  const tower = await VisionTower.load(clip, provider);
  const images = pixels.length / (3 * clip.vision.imageSize ** 2);
  const { embeddings } = await tower.run(pixels, Array(images).fill([0]));
  await tower.release();
  return embeddings;
}

const mini = () => readClipFolder(fileURLToPath(new URL('../../models/mini-clip', import.meta.url)));

describe.each(sparsifierIds)('the replacement model with %s', (kind) => {
  const load = async (clip: ClipFolder, seed: number, provider: Provider = 'cpu', features = 20) => {
    const { layers, width } = clip.vision;
    const clt = await writeRandomClt(
      join(dir, `clt-${kind}-${width}-${seed}`),
      { layers, width, features },
      kind,
      seed,
    );
    const model = await ReplacementModel.load(clip, clt.folder.shape, clt.weights, provider);
    return { ...clt, model };
  };

  const closedGates = async (provider: Provider, clip: ClipFolder) => {
    const { model } = await load(clip, 1, provider);
    const pixels = randomPixels(clip, 2, 1);
    const gates = cascadeGates(model.shape, clip.vision.tokens, clip.vision.layers, 'all');
    const embeddings = await model.run(pixels, gates);
    await model.release();
    expect(embeddings).toEqual(await frozenEmbeddings(clip, pixels, provider));
  };
  test('closed gates give the frozen model exactly, on a tiny CLIP and on mini-clip', async () => {
    await closedGates('cpu', await tinyClip(1));
    await closedGates('cpu', await mini());
  });
  test.runIf(webgpu.ok)('closed gates give the frozen model exactly, on WebGPU', async () => {
    await closedGates('webgpu', await tinyClip(1));
  });

  const compare = async (provider: Provider, runs: number) => {
    const clip = await tinyClip(2);
    const { model, weights, folder } = await load(clip, 2, provider);
    const { layers, width, features } = folder.shape;
    const { tokens } = clip.vision;
    const values = (length: number, choices: number[], seed: number, stream: string) => {
      const rng = new Rng(seed, stream);
      return Float32Array.from({ length }, () => choices[rng.below(choices.length)]);
    };
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const gates: Gates = {
          mlpGate: values(layers * tokens, [0, 0, 1, 0.25], seed, 'mlp'),
          edgeGate: values(layers * layers, [1, 1, 0, 0.5], seed, 'edge'),
          featureScale: values(layers * features, [1, 1, 0, 2], seed, 'feature'),
          ...(seed % 2 === 0 ? { bias: values(layers * width, [0, 0.3], seed, 'bias') } : {}),
        };
        // Gates that let patches alone, or every edge closed, run graphs that compute fewer codes or none.
        if (seed % 3 === 1) gates.mlpGate = gates.mlpGate.map((gate, at) => (at % tokens === 0 ? gate : 0));
        if (seed % 3 === 2) gates.edgeGate.fill(0);
        const pixels = randomPixels(clip, 1, seed);
        const written: Matrix[] = Array.from({ length: layers }, () => Array(tokens));
        const { embedding } = await visionReference(clip, pixels, (target, ln2, mlpOut) =>
          ln2.map((x, token) => {
            // Contributions of this layer's code to all later targets, of the running, modified forward pass.
            const z = encode(folder.shape, weights, target, Float32Array.from(x)).map(
              (value, feature) => value * gates.featureScale[target * features + feature],
            );
            for (let later = target; later < layers; later++) {
              const gate = gates.edgeGate[target * layers + later];
              const term = Array.from(contribution(folder.shape, weights, target, later, z), (value) => value * gate);
              written[later][token] = (written[later][token] ?? Array(width).fill(0)).map(
                (value: number, d: number) => value + term[d],
              );
            }
            const bias = gates.bias?.subarray(target * width) ?? (weights.get(`b_dec_${target}`) as Float32Array);
            const g = gates.mlpGate[target * tokens + token];
            return mlpOut[token].map((frozen, d) => g * (written[target][token][d] + bias[d]) + (1 - g) * frozen);
          }),
        );
        expect(relativeError(await model.run(pixels, gates), embedding)).toBeLessThan(1e-4);
      }),
      { numRuns: runs, seed: 3 },
    );
    await model.release();
  };
  test('any gates agree with a plain reference', () => compare('cpu', 25));
  test.runIf(webgpu.ok)('any gates agree with a plain reference, on WebGPU', () => compare('webgpu', 3));

  test('starting from the frozen states of a block is the same as running everything', async () => {
    const clip = await tinyClip(4);
    const { model } = await load(clip, 4);
    const { layers } = model.shape;
    const { tokens } = clip.vision;
    const pixels = randomPixels(clip, 3, 4);
    const states = await model.states(pixels, cascadeGates(model.shape, tokens, layers, 'all'));
    expect(states.embeddings).toEqual(await frozenEmbeddings(clip, pixels, 'cpu'));
    for (let from = 1; from < layers; from++) {
      for (const group of tokenGroups) {
        const gates = cascadeGates(model.shape, tokens, from, group);
        const whole = await model.run(pixels, gates);
        const part = await model.runFrom(from, states.hidden[from], states.running[from], gates);
        expect(relativeError(part, whole)).toBeLessThan(1e-5);
      }
    }
    await model.release();
  });
});

test('closing an edge by e changes the share of its source in the reconstruction as its contribution predicts', async () => {
  const clip = await tinyClip(6);
  const { layers, width, tokens } = clip.vision;
  const { folder, weights } = await writeRandomClt(join(dir, 'edges'), { layers, width, features: 20 }, 'abs-topk', 6);
  const model = await ReplacementModel.load(clip, folder.shape, weights, 'cpu');
  const pixels = randomPixels(clip, 1, 6);
  const { taps } = await visionReference(clip, pixels);
  const last = layers - 1;
  const open = cascadeGates(folder.shape, tokens, layers, 'all');
  const before = await model.states(pixels, open);
  for (let source = 0; source < last; source++) {
    const e = 0.25;
    const gates = cascadeGates(folder.shape, tokens, layers, 'all');
    gates.edgeGate[source * layers + last] = 1 - e;
    const after = await model.states(pixels, gates);
    for (let token = 0; token < tokens; token++) {
      const x = Float32Array.from(taps.flatMap(({ ln2 }) => ln2[token]));
      const { contributions } = reconstruct(folder.shape, weights, x);
      const shares = contributionShares(contributions);
      const at = contributionPairs(layers).findIndex((pair) => pair.source === source && pair.target === last);
      const total = contributions.map((row) => row[last] as Float32Array);
      const sum = Array.from({ length: width }, (_, d) => total.reduce((value, term) => value + term[d], 0));
      const norm = sum.reduce((value, d) => value + d * d, 0);
      // running_last holds what the sources before it write to the last block: all that the edge can change.
      const change = sum.reduce((value, d, column) => {
        const place = token * width + column;
        return value + d * (after.running[last][place] - before.running[last][place]);
      }, 0);
      expect(Math.abs(change / norm - -e * shares[at])).toBeLessThan(1e-4);
    }
  }
  await model.release();
});

test('a CLT whose reconstruction is exact gives the frozen outputs under full cascade', async () => {
  // With fc2 = 0 every MLP output is fc2's bias, which b_dec can hold exactly while all decoders are 0.
  const clip = await tinyClip(5);
  const index = await readSafetensorsIndex(clip.modelFile);
  const tensors = await Promise.all(
    [...index.tensors.values()].map(async ({ name, shape }) => {
      const data = await readTensor(index, name);
      return { name, shape, dtype: 'F32' as const, data: name.endsWith('mlp.fc2.weight') ? data.fill(0) : data };
    }),
  );
  await writeSafetensors(clip.modelFile, tensors);
  const frozen = await readClipFolder(clip.dir);
  const { layers, width, tokens } = frozen.vision;
  const random = await writeRandomClt(join(dir, 'exact'), { layers, width, features: 10 }, 'relu-topk', 5);
  for (let layer = 0; layer < layers; layer++) {
    random.weights.get(`W_dec_${layer}`)?.fill(0);
    const bias = await readTensor(frozen.index, `vision_model.encoder.layers.${layer}.mlp.fc2.bias`);
    random.weights.set(`b_dec_${layer}`, bias);
  }
  const model = await ReplacementModel.load(frozen, random.folder.shape, random.weights, 'cpu');
  const pixels = randomPixels(frozen, 2, 5);
  const replaced = await model.run(pixels, cascadeGates(model.shape, tokens, 0, 'all'));
  await model.release();
  expect(relativeError(replaced, await frozenEmbeddings(frozen, pixels, 'cpu'))).toBeLessThan(1e-6);
});

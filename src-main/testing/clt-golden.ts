import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CltShape, cltParameters, elementCount } from '../core/clt-shape.ts';
import type { SparsifierParameters } from '../core/sparsifiers/sparsifier.ts';
import { readSafetensorsIndex, readTensor } from '../data/safetensors.ts';

const folder = fileURLToPath(new URL('../../testdata/golden/', import.meta.url));

export const goldenSize = { layers: 3, width: 8, features: 32, batch: 16, steps: 5 } as const;

export interface GoldenCase {
  kind: string;
  lr: number;
  clip: number | null;
  losses: number[];
  gradNorms: number[];
  shape: CltShape;
  /** lambda at step 0..4; 0 for the top-k kinds. */
  lambdas: number[];
  read(name: string): Promise<Float32Array>;
  /** Parameters (or gradients) stored under a prefix, in the exchange layout. */
  parameters(prefix: string): Promise<Map<string, Float32Array>>;
}

interface GoldenFacts {
  sparsifier: string;
  k: number;
  lr: number;
  clip: number | null;
  losses: number[];
  gradNorms: number[];
  bandwidth?: number;
  c?: number;
  lambda?: number;
}

/** A case of testdata/golden: values computed by PyTorch's autograd in double precision. */
export async function goldenCase(name: string): Promise<GoldenCase> {
  const all: Record<string, GoldenFacts> = JSON.parse(readFileSync(`${folder}clt-golden.json`, 'utf8'));
  const facts = all[name];
  const index = await readSafetensorsIndex(`${folder}clt-${name}.safetensors`);
  const { layers, width, features, steps } = goldenSize;
  const { bandwidth = 0, c = 0, lambda = 0 } = facts;
  const parameters: SparsifierParameters =
    lambda > 0 ? { bandwidth, c, lambda, initialThreshold: 0.1 } : { k: facts.k };
  const shape: CltShape = { layers, width, features, sparsifier: { kind: facts.sparsifier, parameters } };
  const read = (tensor: string) => readTensor(index, tensor);
  return {
    ...facts,
    kind: facts.sparsifier,
    shape,
    lambdas: Array.from({ length: steps }, (_, step) => (lambda * (step + 1)) / steps),
    read,
    async parameters(prefix) {
      const values = new Map<string, Float32Array>();
      for (const spec of cltParameters(shape)) values.set(spec.name, await parameter(read, prefix, spec, shape));
      return values;
    },
  };
}

/** The golden files keep W_enc as [L, d, m] and one W_dec [m, d] a pair; the exchange layout is per layer. */
async function parameter(
  read: (name: string) => Promise<Float32Array>,
  prefix: string,
  spec: { name: string; shape: readonly number[] },
  { layers, width, features }: CltShape,
): Promise<Float32Array> {
  const at = spec.name.lastIndexOf('_');
  const kind = spec.name.slice(0, at);
  const layer = Number(spec.name.slice(at + 1));
  const size = elementCount(spec.shape);
  if (kind === 'W_dec') {
    const result = new Float32Array(size);
    for (let target = layer; target < layers; target++) {
      const pair = await read(`${prefix}W_dec/${layer}-${target}`);
      for (let feature = 0; feature < features; feature++) {
        const row = pair.subarray(feature * width, (feature + 1) * width);
        result.set(row, (feature * (layers - layer) + target - layer) * width);
      }
    }
    return result;
  }
  const stacked = (await read(`${prefix}${kind}`)).subarray(layer * size, (layer + 1) * size);
  if (kind !== 'W_enc') return stacked.slice();
  return Float32Array.from({ length: size }, (_, i) => stacked[(i % width) * features + Math.floor(i / width)]);
}

/** |a - b| / |b| over all entries. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`lengths differ: ${actual.length} and ${expected.length}`);
  let error = 0;
  let norm = 0;
  for (let at = 0; at < expected.length; at++) {
    error += (actual[at] - expected[at]) ** 2;
    norm += expected[at] ** 2;
  }
  return Math.sqrt(error / norm);
}

/** Largest |a - b| over the root mean square of b. */
export function worstErrorInRms(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`lengths differ: ${actual.length} and ${expected.length}`);
  let worst = 0;
  let squares = 0;
  for (let at = 0; at < expected.length; at++) {
    worst = Math.max(worst, Math.abs(actual[at] - expected[at]));
    squares += expected[at] ** 2;
  }
  return worst / Math.sqrt(squares / expected.length);
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/**
 * A cross-layer transcoder read from an exported clt/ folder and run with plain loops in double precision. It shares no
 * code with the engine, the graphs, the store or the readers of data/: a second opinion on all of them.
 */
export interface PlainClt {
  layers: number;
  width: number;
  features: number;
  sparsifier: { kind: string; k: number };
  tensors: Map<string, { shape: number[]; data: number[] }>;
}

export function readPlainClt(dir: string): PlainClt {
  const tensors: PlainClt['tensors'] = new Map();
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.safetensors'))) {
    const bytes = readFileSync(join(dir, file));
    const headerLength = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength));
    for (const [name, entry] of Object.entries<{ shape: number[]; data_offsets: [number, number] }>(header)) {
      if (name === '__metadata__') continue;
      const data: number[] = [];
      for (let at = entry.data_offsets[0]; at < entry.data_offsets[1]; at += 4) {
        data.push(bytes.readFloatLE(8 + headerLength + at));
      }
      tensors.set(name, { shape: entry.shape, data });
    }
  }
  const [features, layers, width] = tensors.get('W_dec_0')?.shape ?? [];
  return {
    features,
    layers,
    width,
    tensors,
    sparsifier: parse(readFileSync(join(dir, 'config.yaml'), 'utf8')).sparsifier,
  };
}

function data({ tensors }: PlainClt, name: string): number[] {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`no tensor ${name}`);
  return tensor.data;
}

/** z_i [m] of a token's LN2 activation x_i [d] (method, section 2). */
export function plainCode(clt: PlainClt, layer: number, x: readonly number[]): number[] {
  const { width, features, sparsifier } = clt;
  const encoder = data(clt, `W_enc_${layer}`);
  const h = data(clt, `b_enc_${layer}`).map((bias, feature) => {
    let sum = bias;
    for (let at = 0; at < width; at++) sum += encoder[feature * width + at] * x[at];
    return sum;
  });
  if (sparsifier.kind === 'jumprelu') {
    const theta = data(clt, `threshold_${layer}`);
    return h.map((value, feature) => (value > theta[feature] ? value : 0));
  }
  const isAbs = sparsifier.kind === 'abs-topk';
  const rank = (value: number) => (isAbs ? Math.abs(value) : Math.max(value, 0));
  const order = Array.from({ length: features }, (_, feature) => feature);
  order.sort((a, b) => rank(h[b]) - rank(h[a]) || a - b);
  const z = Array<number>(features).fill(0);
  for (const feature of order.slice(0, sparsifier.k)) z[feature] = isAbs ? h[feature] : Math.max(h[feature], 0);
  return z;
}

/** c_{i->j} [d] of a code z_i. */
export function plainContribution(clt: PlainClt, source: number, target: number, z: readonly number[]): number[] {
  const { layers, width } = clt;
  const decoder = data(clt, `W_dec_${source}`);
  const sum = Array<number>(width).fill(0);
  z.forEach((value, feature) => {
    if (value === 0) return;
    const row = (feature * (layers - source) + target - source) * width;
    for (let at = 0; at < width; at++) sum[at] += value * decoder[row + at];
  });
  return sum;
}

/** b_dec^j [d] */
export function plainBias(clt: PlainClt, target: number): number[] {
  return data(clt, `b_dec_${target}`);
}

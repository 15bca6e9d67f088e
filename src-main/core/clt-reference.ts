import type { CltShape } from './clt-shape.ts';
import { sparsifierById } from './sparsifiers/index.ts';

/** Stored weights by name, in the exchange layout (method, section 9): thresholds as theta, not log_theta. */
export type CltWeights = ReadonlyMap<string, Float32Array>;

function weight(weights: CltWeights, name: string): Float32Array {
  const values = weights.get(name);
  if (!values) throw new Error(`the CLT has no ${name}`);
  return values;
}

/** Preactivations h_i [m] of one token at one layer; x_i [d]. Plain arithmetic in double precision: a reference. */
export function preactivation(shape: CltShape, weights: CltWeights, layer: number, x: Float32Array): Float32Array {
  const encoder = weight(weights, `W_enc_${layer}`);
  return weight(weights, `b_enc_${layer}`).map((bias, feature) => {
    let sum = bias;
    for (let at = 0; at < shape.width; at++) sum += encoder[feature * shape.width + at] * x[at];
    return sum;
  });
}

/** z_i [m] of one token at one layer. */
export function encode(shape: CltShape, weights: CltWeights, layer: number, x: Float32Array): Float32Array {
  const { kind, parameters } = shape.sparsifier;
  const h = preactivation(shape, weights, layer, x);
  return sparsifierById(kind).apply(h, parameters, weights.get(`threshold_${layer}`));
}

/** c_{source->target} [d] = z W_dec^{source->target}, without bias (method, section 1). */
export function contribution(
  shape: CltShape,
  weights: CltWeights,
  source: number,
  target: number,
  z: Float32Array,
): Float32Array {
  const { layers, width } = shape;
  const decoder = weight(weights, `W_dec_${source}`);
  const sum = new Float64Array(width);
  for (let feature = 0; feature < z.length; feature++) {
    if (z[feature] === 0) continue;
    const row = (feature * (layers - source) + target - source) * width;
    for (let at = 0; at < width; at++) sum[at] += z[feature] * decoder[row + at];
  }
  return Float32Array.from(sum);
}

/** yhat [L, d] of one token from x [L, d], with the sources' codes and contributions [source][target]. */
export function reconstruct(shape: CltShape, weights: CltWeights, x: Float32Array) {
  const { layers, width } = shape;
  const codes = Array.from({ length: layers }, (_, layer) =>
    encode(shape, weights, layer, x.subarray(layer * width, (layer + 1) * width)),
  );
  const contributions = codes.map((z, source) =>
    Array.from({ length: layers }, (_, target) =>
      target < source ? null : contribution(shape, weights, source, target, z),
    ),
  );
  const yhat = new Float32Array(layers * width);
  for (let target = 0; target < layers; target++) {
    yhat.set(weight(weights, `b_dec_${target}`), target * width);
    for (const row of contributions) {
      const term = row[target];
      if (term) for (let at = 0; at < width; at++) yhat[target * width + at] += term[at];
    }
  }
  return { codes, contributions, yhat };
}

import type { TowerShape, VisionShape } from '../core/clip.ts';
import type { ClipFolder } from '../data/clip-folder.ts';
import { readTensor } from '../data/safetensors.ts';

/**
 * CLIP's towers written as plainly as possible, in double precision and one image or prompt at a time: a second opinion
 * on the ONNX graphs for architectures that no golden file covers.
 */
export type Matrix = number[][];
/** What a block adds to the residual stream in place of its MLP's output. */
export type ReplaceMlp = (layer: number, ln2: Matrix, mlpOut: Matrix) => Matrix;
type Weights = (name: string) => Promise<Float32Array>;

/** A folder's tensors, read once. */
const read = new WeakMap<ClipFolder, Map<string, Promise<Float32Array>>>();

function weightsOf(folder: ClipFolder): Weights {
  const known = read.get(folder) ?? new Map<string, Promise<Float32Array>>();
  read.set(folder, known);
  return (name) => {
    const tensor = known.get(name) ?? readTensor(folder.index, name);
    known.set(name, tensor);
    return tensor;
  };
}

export async function visionReference(folder: ClipFolder, pixels: Float32Array, replace?: ReplaceMlp) {
  const weights = weightsOf(folder);
  const vision = folder.vision;
  const embedded = await embedPatches(vision, weights, pixels);
  const taps: { ln2: Matrix; mlpOut: Matrix }[] = [];
  let hidden = await layerNorm(embedded, 'vision_model.pre_layrnorm', vision, weights);
  for (let layer = 0; layer < vision.layers; layer++) {
    const values = await block(hidden, `vision_model.encoder.layers.${layer}`, vision, weights, false);
    taps.push(values);
    const written = replace?.(layer, values.ln2, values.mlpOut) ?? values.mlpOut;
    hidden = add(values.attended, written);
  }
  const pooled = await layerNorm([hidden[0]], 'vision_model.post_layernorm', vision, weights);
  return { taps, embedding: multiply(pooled, await weights('visual_projection.weight'))[0] };
}

export async function textReference(folder: ClipFolder, ids: readonly number[]) {
  const weights = weightsOf(folder);
  const { text } = folder;
  const words = await weights('text_model.embeddings.token_embedding.weight');
  const positions = await weights('text_model.embeddings.position_embedding.weight');
  let hidden: Matrix = ids.map((id, at) =>
    Array.from({ length: text.width }, (_, d) => words[id * text.width + d] + positions[at * text.width + d]),
  );
  for (let layer = 0; layer < text.layers; layer++) {
    const values = await block(hidden, `text_model.encoder.layers.${layer}`, text, weights, true);
    hidden = add(values.attended, values.mlpOut);
  }
  const last = await layerNorm([hidden[hidden.length - 1]], 'text_model.final_layer_norm', text, weights);
  return multiply(last, await weights('text_projection.weight'))[0];
}

async function embedPatches(vision: VisionShape, weights: Weights, pixels: Float32Array): Promise<Matrix> {
  const { patchSize: p, imageSize: s, width } = vision;
  const kernel = await weights('vision_model.embeddings.patch_embedding.weight');
  const cls = await weights('vision_model.embeddings.class_embedding');
  const positions = await weights('vision_model.embeddings.position_embedding.weight');
  const grid = Math.floor(s / p);
  const rows: Matrix = [Array.from(cls)];
  for (let row = 0; row < grid; row++) {
    for (let column = 0; column < grid; column++) {
      rows.push(
        Array.from({ length: width }, (_, d) => {
          let sum = 0;
          for (let c = 0; c < 3; c++) {
            for (let y = 0; y < p; y++) {
              for (let x = 0; x < p; x++) {
                const pixel = pixels[(c * s + row * p + y) * s + column * p + x];
                sum += pixel * kernel[((d * 3 + c) * p + y) * p + x];
              }
            }
          }
          return sum;
        }),
      );
    }
  }
  return rows.map((values, token) => values.map((value, d) => value + positions[token * width + d]));
}

async function block(hidden: Matrix, prefix: string, tower: TowerShape, weights: Weights, causal: boolean) {
  const linear = async (input: Matrix, name: string) => {
    const bias = await weights(`${prefix}.${name}.bias`);
    const product = multiply(input, await weights(`${prefix}.${name}.weight`));
    return product.map((row) => row.map((value, at) => value + bias[at]));
  };
  const normed = await layerNorm(hidden, `${prefix}.layer_norm1`, tower, weights);
  const [q, k, v] = [
    await linear(normed, 'self_attn.q_proj'),
    await linear(normed, 'self_attn.k_proj'),
    await linear(normed, 'self_attn.v_proj'),
  ];
  const size = tower.width / tower.heads;
  const mixed: Matrix = hidden.map(() => Array<number>(tower.width).fill(0));
  for (let head = 0; head < tower.heads; head++) {
    for (let from = 0; from < hidden.length; from++) {
      const scores = hidden.map((_, to) => {
        if (causal && to > from) return Number.NEGATIVE_INFINITY;
        let dot = 0;
        for (let d = head * size; d < (head + 1) * size; d++) dot += q[from][d] * k[to][d];
        return dot / Math.sqrt(size);
      });
      const top = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - top));
      const total = shares.reduce((a, b) => a + b, 0);
      for (let d = head * size; d < (head + 1) * size; d++) {
        mixed[from][d] = shares.reduce((sum, weight, to) => sum + (weight / total) * v[to][d], 0);
      }
    }
  }
  const attention = await linear(mixed, 'self_attn.out_proj');
  const attended = add(hidden, attention);
  const ln2 = await layerNorm(attended, `${prefix}.layer_norm2`, tower, weights);
  const activate = tower.activation === 'gelu' ? gelu : (x: number) => x / (1 + Math.exp(-1.702 * x));
  const inner = (await linear(ln2, 'mlp.fc1')).map((row) => row.map(activate));
  const mlpOut = await linear(inner, 'mlp.fc2');
  return { ln2, mlpOut, attended };
}

function add(a: Matrix, b: Matrix): Matrix {
  return a.map((row, t) => row.map((value, d) => value + b[t][d]));
}

async function layerNorm(rows: Matrix, name: string, tower: TowerShape, weights: Weights): Promise<Matrix> {
  const [scale, bias] = [await weights(`${name}.weight`), await weights(`${name}.bias`)];
  return rows.map((row) => {
    const mean = row.reduce((a, b) => a + b, 0) / row.length;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
    const spread = Math.sqrt(variance + tower.layerNormEps);
    return row.map((value, at) => ((value - mean) / spread) * scale[at] + bias[at]);
  });
}

/** rows [n, in] times the transpose of a weight stored as [out, in]. */
function multiply(rows: Matrix, weight: Float32Array): Matrix {
  const width = rows[0].length;
  return rows.map((row) =>
    Array.from({ length: weight.length / width }, (_, out) => {
      let sum = 0;
      for (let at = 0; at < width; at++) sum += row[at] * weight[out * width + at];
      return sum;
    }),
  );
}

/** x Phi(x); erf by its Maclaurin series, which converges everywhere and is exact enough for |x| < 5. */
function gelu(x: number): number {
  const u = x / Math.SQRT2;
  let term = u;
  let sum = u;
  for (let n = 1; n < 120; n++) {
    term *= (-u * u) / n;
    sum += term / (2 * n + 1);
  }
  const erf = Math.abs(u) > 5 ? Math.sign(u) : (2 / Math.sqrt(Math.PI)) * sum;
  return 0.5 * x * (1 + erf);
}

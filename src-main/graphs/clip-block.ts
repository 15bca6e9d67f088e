import type { TowerShape } from '../core/clip.ts';
import type { ExternalBytes, Value } from './builder.ts';
import type { Ops } from './ops.ts';

/** Where one tensor of a checkpoint lies: a file in the folder that the session is given, read in place. */
export interface StoredTensor extends ExternalBytes {
  type: 'float32' | 'float16';
  shape: readonly number[];
}

/** Finds a tensor of the checkpoint by its HuggingFace name. */
export type Checkpoint = (name: string) => StoredTensor;

/** A checkpoint's tensor as a float32 value; the bytes stay in the file. */
export function checkpointValue(ops: Ops, checkpoint: Checkpoint, name: string): Value {
  const stored = checkpoint(name);
  return ops.cast(ops.graph.external(name, stored.type, stored.shape, stored), 'float32');
}

/** What a block shows of itself: `hidden` after it, x = `ln2Activation` and y = `mlpOutput` (method, section 1). */
export interface BlockValues {
  hidden: Value;
  ln2Activation: Value;
  mlpOutput: Value;
}

export interface BlockOptions {
  /** Added to the attention scores [batch, heads, length, length]. */
  mask?: Value;
  /** What the block adds to the residual stream in place of its MLP's output; both [batch * length, width]. */
  replaceMlp?: (ln2Activation: Value, mlpOutput: Value) => Value;
}

/** One pre-norm transformer block of either tower. `hidden` [batch * length, width]. */
export function clipBlock(
  ops: Ops,
  checkpoint: Checkpoint,
  prefix: string,
  tower: TowerShape,
  hidden: Value,
  length: number,
  options: BlockOptions = {},
): BlockValues {
  const weight = (name: string) => checkpointValue(ops, checkpoint, `${prefix}.${name}`);
  const linear = (name: string, input: Value) =>
    ops.gemm(input, weight(`${name}.weight`), weight(`${name}.bias`), { b: true });
  const norm = (name: string, input: Value) =>
    ops.layerNorm(input, weight(`${name}.weight`), weight(`${name}.bias`), tower.layerNormEps);

  const normed = norm('layer_norm1', hidden);
  const headWidth = tower.width / tower.heads;
  const perHead = (name: string, permutation: number[]) =>
    ops.transpose(
      ops.reshape(linear(`self_attn.${name}`, normed), ['batch', length, tower.heads, headWidth]),
      permutation,
    );
  const query = ops.mul(perHead('q_proj', [0, 2, 1, 3]), ops.scalar(headWidth ** -0.5));
  const scores = ops.matmul(query, perHead('k_proj', [0, 2, 3, 1]));
  const attention = ops.softmax(options.mask ? ops.add(scores, options.mask) : scores);
  const mixed = ops.transpose(ops.matmul(attention, perHead('v_proj', [0, 2, 1, 3])), [0, 2, 1, 3]);
  const attended = ops.add(hidden, linear('self_attn.out_proj', ops.reshape(mixed, ['positions', tower.width])));

  const ln2Activation = norm('layer_norm2', attended);
  const inner = linear('mlp.fc1', ln2Activation);
  const activated =
    tower.activation === 'gelu' ? ops.gelu(inner) : ops.mul(inner, ops.sigmoid(ops.mul(inner, ops.scalar(1.702))));
  const mlpOutput = linear('mlp.fc2', activated);
  const written = options.replaceMlp?.(ln2Activation, mlpOutput) ?? mlpOutput;
  return { hidden: ops.add(attended, written), ln2Activation, mlpOutput };
}

/** LayerNorm with a checkpoint's scale and bias. */
export function checkpointNorm(
  ops: Ops,
  checkpoint: Checkpoint,
  name: string,
  input: Value,
  layerNormEps: number,
): Value {
  const weight = (part: string) => checkpointValue(ops, checkpoint, `${name}.${part}`);
  return ops.layerNorm(input, weight('weight'), weight('bias'), layerNormEps);
}

/** `count` blocks in a row; `each` sees the values of every block. */
export function clipEncoder(
  ops: Ops,
  checkpoint: Checkpoint,
  prefix: string,
  tower: TowerShape,
  input: Value,
  length: number,
  options: { mask?: Value; each?: (values: BlockValues) => void } = {},
): Value {
  let hidden = input;
  for (let layer = 0; layer < tower.layers; layer++) {
    const block = `${prefix}.encoder.layers.${layer}`;
    const values = clipBlock(ops, checkpoint, block, tower, hidden, length, { mask: options.mask });
    options.each?.(values);
    hidden = values.hidden;
  }
  return hidden;
}

import type { VisionShape } from '../core/clip.ts';
import { GraphBuilder, type Value } from './builder.ts';
import { type Checkpoint, checkpointNorm, checkpointValue, clipEncoder } from './clip-block.ts';
import { Ops } from './ops.ts';

/**
 * CLIP's vision tower over a HuggingFace checkpoint as it lies on disk.
 *
 * Inputs: pixels [batch, 3, S, S]; with taps, positions [rows] int64: which of the batch * T tokens to show, as
 * image * T + token. Outputs: embedding [batch, projection], not normalised; with taps, taps [rows, L * 2 * d], laid
 * out as an activation shard's row: [layer][x | y][width].
 */
export function clipVisionGraph(vision: VisionShape, checkpoint: Checkpoint, options: { taps: boolean }): Uint8Array {
  const graph = new GraphBuilder('clip-vision');
  const ops = new Ops(graph);
  const shown: Value[] = [];
  const rows = options.taps ? graph.input('positions', 'int64', ['rows']) : undefined;
  const embedded = embedPixels(ops, vision, checkpoint);
  const hidden = clipEncoder(ops, checkpoint, 'vision_model', vision, embedded, vision.tokens, {
    each({ ln2Activation, mlpOutput }) {
      if (rows) shown.push(ops.gather(ln2Activation, rows, 0), ops.gather(mlpOutput, rows, 0));
    },
  });
  graph.output('embedding', projectCls(ops, vision, checkpoint, hidden));
  if (rows) graph.output('taps', ops.concat(shown, 1));
  return graph.build();
}

/** The graph's input `pixels` [batch, 3, S, S] as the first block's input [batch * T, d]. */
export function embedPixels(ops: Ops, vision: VisionShape, checkpoint: Checkpoint): Value {
  const { width, imageSize, patchSize } = vision;
  const grid = Math.floor(imageSize / patchSize);
  const weight = (name: string) => checkpointValue(ops, checkpoint, `vision_model.${name}`);
  const pixels = ops.graph.input('pixels', 'float32', ['batch', 3, imageSize, imageSize]);
  const patches = ops.conv(pixels, weight('embeddings.patch_embedding.weight'), patchSize, grid);
  const patchRows = ops.transpose(ops.reshape(patches, ['batch', width, grid * grid]), [0, 2, 1]);
  // Row 0 is left empty for CLS, whose embedding is added together with its position.
  const classRow = ops.reshape(weight('embeddings.class_embedding'), [1, width]);
  const positions = ops.add(weight('embeddings.position_embedding.weight'), ops.pad(classRow, 0, 0, grid * grid));
  const embedded = ops.reshape(ops.add(ops.pad(patchRows, 1, 1, 0), positions), ['positions', width]);

  return checkpointNorm(ops, checkpoint, 'vision_model.pre_layrnorm', embedded, vision.layerNormEps);
}

/** The last block's output [batch * T, d] as image embeddings [batch, projection], not normalised. */
export function projectCls(ops: Ops, vision: VisionShape, checkpoint: Checkpoint, hidden: Value): Value {
  const perImage = ops.reshape(hidden, ['batch', vision.tokens, vision.width]);
  const cls = ops.gather(perImage, ops.graph.constant('int64', [0], []), 1);
  const pooled = checkpointNorm(ops, checkpoint, 'vision_model.post_layernorm', cls, vision.layerNormEps);
  return ops.gemm(pooled, checkpointValue(ops, checkpoint, 'visual_projection.weight'), undefined, { b: true });
}

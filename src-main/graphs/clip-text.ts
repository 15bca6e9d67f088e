import type { TextShape } from '../core/clip.ts';
import { GraphBuilder } from './builder.ts';
import { type Checkpoint, checkpointNorm, checkpointValue, clipEncoder } from './clip-block.ts';
import { Ops } from './ops.ts';

/**
 * CLIP's text tower over a HuggingFace checkpoint, for prompts padded to `length` tokens.
 *
 * Inputs: inputIds [batch * length] int64; endPositions [batch] int64: each prompt's end token, as
 * prompt * length + token. Output: embedding [batch, projection], not normalised. Attention is causal, so what stands
 * after the end token does not matter.
 */
export function clipTextGraph(text: TextShape, checkpoint: Checkpoint, length: number): Uint8Array {
  const graph = new GraphBuilder('clip-text');
  const ops = new Ops(graph);
  const inputIds = graph.input('inputIds', 'int64', ['positions']);
  const endPositions = graph.input('endPositions', 'int64', ['batch']);
  const embeddings = 'text_model.embeddings';
  const words = ops.gather(checkpointValue(ops, checkpoint, `${embeddings}.token_embedding.weight`), inputIds, 0);
  const allPositions = checkpointValue(ops, checkpoint, `${embeddings}.position_embedding.weight`);
  const positions = ops.slice(allPositions, 0, 0, length);
  const embedded = ops.reshape(ops.add(ops.reshape(words, ['batch', length, text.width]), positions), [
    'positions',
    text.width,
  ]);
  const hidden = clipEncoder(ops, checkpoint, 'text_model', text, embedded, length, {
    mask: causalMask(graph, length),
  });
  const pooled = ops.gather(
    checkpointNorm(ops, checkpoint, 'text_model.final_layer_norm', hidden, text.layerNormEps),
    endPositions,
    0,
  );
  const projection = checkpointValue(ops, checkpoint, 'text_projection.weight');
  graph.output('embedding', ops.gemm(pooled, projection, undefined, { b: true }));
  return graph.build();
}

/** 0 where a token may look, and the lowest finite float where it would look ahead. */
function causalMask(graph: GraphBuilder, length: number) {
  const lowest = -3.4028234663852886e38;
  const mask = Array.from({ length: length * length }, (_, at) => (at % length > Math.floor(at / length) ? lowest : 0));
  return graph.constant('float32', mask, [length, length]);
}

import type { VisionShape } from '../core/clip.ts';
import type { CltShape } from '../core/clt-shape.ts';
import { GraphBuilder, type Value } from './builder.ts';
import { type Checkpoint, clipBlock } from './clip-block.ts';
import { embedPixels, projectCls } from './clip-vision.ts';
import { CltValues } from './clt-weights.ts';
import { Ops } from './ops.ts';

/** Tokens whose codes a graph computes: where gates silence the CLT for the others, their codes need not exist. */
export type CodedTokens = 'all' | 'cls' | 'none';

export interface ReplacementOptions {
  /** The first block the graph runs: 0 starts from pixels, a later one from what the blocks before it left. */
  from: number;
  /** Shows what a later graph needs to start from any block, see `states` below. From 0 only. */
  states?: boolean;
  /** All unless given. With `cls`, patches keep the frozen MLP's output; with `none`, no source from `from` on writes. */
  coded?: CodedTokens;
}

/**
 * The frozen ViT with every MLP output replaceable by the CLT's reconstruction (method, section 4). Codes are read from
 * the running, already modified forward pass.
 *
 * Inputs, from = 0: pixels [batch, 3, S, S]. From a later block: hidden [batch * T, d], that block's input, and running
 * [batch * T, (L-from)*d], the sum of the contributions of all sources before it to the targets from..L-1.
 * Always: mlpGate [L, T], edgeGate [L, L] (of sources from..L-1), featureScale [L, m], bias [L, d], and the CLT's stored
 * weights: a session reads files of one folder only, and that is the model's.
 * Output: embedding [batch, projection], not normalised.
 * States: hidden_j and running_j for j = 1..L-1, and toLast [batch * T, (L-1)*d], the contributions of the sources
 * 0..L-2 to the last block.
 */
export function replacementGraph(
  vision: VisionShape,
  checkpoint: Checkpoint,
  shape: CltShape,
  options: ReplacementOptions,
): Uint8Array {
  const { layers, width, features } = shape;
  const { tokens } = vision;
  const { from, states, coded = 'all' } = options;
  const graph = new GraphBuilder(`replacement-from-${from}`);
  const ops = new Ops(graph);
  const mlpGate = graph.input('mlpGate', 'float32', [layers, tokens]);
  const edgeGate = graph.input('edgeGate', 'float32', [layers, layers]);
  const featureScale = graph.input('featureScale', 'float32', [layers, features]);
  const bias = graph.input('bias', 'float32', [layers, width]);
  const clt = new CltValues(ops, shape, 'stored-inputs');

  let hidden =
    from === 0 ? embedPixels(ops, vision, checkpoint) : graph.input('hidden', 'float32', ['positions', width]);
  const clsOf = (rows: Value) => ops.slice(ops.reshape(rows, ['batch', tokens, rows.shape[1] as number]), 1, 0, 1);
  const read = (rows: Value) => (coded === 'cls' ? ops.reshape(clsOf(rows), ['batch', rows.shape[1] as number]) : rows);
  let running: Value | undefined =
    from === 0 ? undefined : read(graph.input('running', 'float32', ['positions', (layers - from) * width]));
  const toLast: Value[] = [];
  for (let layer = from; layer < layers; layer++) {
    if (states && layer > 0) {
      graph.output(`hidden_${layer}`, hidden);
      graph.output(`running_${layer}`, running as Value);
    }
    const prefix = `vision_model.encoder.layers.${layer}`;
    hidden = clipBlock(ops, checkpoint, prefix, vision, hidden, tokens, {
      replaceMlp(ln2Activation, mlpOutput) {
        const last = layer === layers - 1;
        if (coded !== 'none') {
          const { z } = clt.encode(layer, read(ln2Activation));
          const code = ops.mul(z, ops.slice(featureScale, 0, layer, layer + 1));
          const written = ops.mul(ops.gemm(code, clt.decoder(layer)), edgeRow(ops, edgeGate, layer, shape));
          const toOthers = (layers - layer - 1) * width;
          if (states && !last) toLast.push(ops.slice(written, 1, toOthers, toOthers + width));
          running = running ? ops.add(running, written) : written;
        }
        const ownBias = ops.slice(bias, 0, layer, layer + 1);
        const [target, rest] =
          running && !last ? ops.split(running, [width, (layers - layer - 1) * width], 1) : [running, undefined];
        running = rest;
        const gate = ops.slice(mlpGate, 0, layer, layer + 1);
        const reconstruction = target ? ops.add(target, ownBias) : ownBias;
        return gated(ops, gate, reconstruction, mlpOutput, { tokens, width, clsOnly: coded === 'cls' });
      },
    }).hidden;
  }
  graph.output('embedding', projectCls(ops, vision, checkpoint, hidden));
  if (states) graph.output('toLast', ops.concat(toLast, 1));
  return graph.build();
}

/** edgeGate[source, source..L-1], each value for the d dimensions of its target: [1, (L-source)*d]. */
function edgeRow(ops: Ops, edgeGate: Value, source: number, { layers, width }: CltShape): Value {
  const targets = layers - source;
  const row = ops.slice(ops.slice(edgeGate, 0, source, source + 1), 1, source, layers);
  const ones = ops.graph.constant('float32', Array<number>(width).fill(1), [1, width]);
  return ops.reshape(ops.mul(ops.reshape(row, [targets, 1]), ones), [1, targets * width]);
}

/**
 * g * replaced + (1 - g) * frozen, with one gate a token: gate [1, T], frozen [batch * T, d], replaced likewise, or [1, d]
 * for all, or with `clsOnly` [batch, d].
 */
function gated(
  ops: Ops,
  gate: Value,
  replaced: Value,
  frozen: Value,
  { tokens, width, clsOnly }: { tokens: number; width: number; clsOnly: boolean },
): Value {
  const perToken = ops.reshape(gate, [tokens, 1]);
  const perImage = (value: Value, rows: number) => ops.reshape(value, ['batch', rows, width]);
  const mix = (g: Value, open: Value, closed: Value) =>
    ops.add(ops.mul(open, g), ops.mul(closed, ops.sub(ops.scalar(1), g)));
  const outputs = perImage(frozen, tokens);
  if (clsOnly) {
    const cls = mix(ops.slice(perToken, 0, 0, 1), perImage(replaced, 1), ops.slice(outputs, 1, 0, 1));
    return ops.reshape(ops.concat([cls, ops.slice(outputs, 1, 1, tokens)], 1), ['positions', width]);
  }
  const open = replaced.shape[0] === 1 ? replaced : perImage(replaced, tokens);
  return ops.reshape(mix(perToken, open, outputs), ['positions', width]);
}

import type { CltShape } from '../core/clt-shape.ts';
import { sparsifierById } from '../core/sparsifiers/index.ts';
import type { SparseCode } from '../core/sparsifiers/sparsifier.ts';
import type { ExternalBytes, Value } from './builder.ts';
import type { Ops } from './ops.ts';

/** A stored weight's bytes (W_enc_i, b_enc_i, b_dec_i, W_dec_i, threshold_i), in a file the session can read. */
export type StoredWeights = (name: string) => ExternalBytes;

/**
 * Where a graph takes a CLT's weights from: files it reads in place, or inputs in `matrixShape`, named like stored
 * weights or like trained parameters (log_theta_i in place of threshold_i).
 */
export type WeightSource = StoredWeights | 'stored-inputs' | 'trained-inputs';

/** A stored weight's name: thresholds are kept as theta, not as the log_theta that is trained. */
export function storedName(parameter: string): string {
  return parameter.replace('log_theta_', 'threshold_');
}

/** A CLT's weights as graph values. */
export class CltValues {
  readonly shape: CltShape;
  readonly #ops: Ops;
  readonly #source: WeightSource;
  readonly #values = new Map<string, Value>();

  constructor(ops: Ops, shape: CltShape, source: WeightSource) {
    this.shape = shape;
    this.#ops = ops;
    this.#source = source;
  }

  /** The code of one source layer: x [tokens, d] -> z [tokens, m]. */
  encode(layer: number, x: Value): SparseCode<Value> {
    const h = this.#ops.gemm(x, this.#value('W_enc', layer), this.#value('b_enc', layer), { b: true });
    const sparsifier = sparsifierById(this.shape.sparsifier.kind);
    const theta = sparsifier.initialThreshold ? this.#value('threshold', layer) : undefined;
    return sparsifier.forward(this.#ops, h, this.shape.sparsifier.parameters, theta);
  }

  /** W_dec_i as [m, (L-i)*d]. */
  decoder(layer: number): Value {
    return this.#value('W_dec', layer);
  }

  /** b_dec_i as [1, d]. */
  bias(layer: number): Value {
    return this.#value('b_dec', layer);
  }

  /** Declared at its first use, so that a graph has only the weights it needs. */
  #value(kind: StoredKind, layer: number): Value {
    const name = `${kind}_${layer}`;
    const known = this.#values.get(name);
    if (known) return known;
    const { graph } = this.#ops;
    const matrix = this.#matrix(kind, layer);
    let value: Value;
    if (this.#source === 'stored-inputs') value = graph.input(name, 'float32', matrix);
    else if (this.#source !== 'trained-inputs') value = graph.external(name, 'float32', matrix, this.#source(name));
    else if (kind === 'threshold') value = this.#ops.exp(graph.input(`log_theta_${layer}`, 'float32', matrix));
    else value = graph.input(name, 'float32', matrix);
    this.#values.set(name, value);
    return value;
  }

  #matrix(kind: StoredKind, layer: number): [number, number] {
    const { layers, width, features } = this.shape;
    if (kind === 'W_enc') return [features, width];
    if (kind === 'W_dec') return [features, (layers - layer) * width];
    return [1, kind === 'b_dec' ? width : features];
  }
}

type StoredKind = 'W_enc' | 'b_enc' | 'b_dec' | 'W_dec' | 'threshold';

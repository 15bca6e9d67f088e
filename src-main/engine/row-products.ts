import type * as ort from 'onnxruntime-node';
import { GraphBuilder } from '../graphs/builder.ts';
import { Ops } from '../graphs/ops.ts';
import { createSession, floats, floatTensor } from './session.ts';

/** Products of all rows of one matrix with all rows of another, on the CPU; cosines where the rows have length 1. */
export class RowProducts {
  readonly #width: number;
  readonly #session: ort.InferenceSession;

  private constructor(width: number, session: ort.InferenceSession) {
    this.#width = width;
    this.#session = session;
  }

  static async load(width: number): Promise<RowProducts> {
    const graph = new GraphBuilder('row-products');
    const a = graph.input('a', 'float32', ['rowsOfA', width]);
    const b = graph.input('b', 'float32', ['rowsOfB', width]);
    graph.output('products', new Ops(graph).gemm(a, b, undefined, { b: true }));
    return new RowProducts(width, await createSession(graph.build(), { provider: 'cpu' }));
  }

  /** a [rows of a, width], b [rows of b, width] -> products [rows of a, rows of b]. */
  async run(a: Float32Array, b: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    const matrix = (values: Float32Array) => floatTensor(values, [values.length / this.#width, this.#width]);
    return floats((await this.#session.run({ a: matrix(a), b: matrix(b) })).products);
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

import * as ort from 'onnxruntime-node';
import { type Sketch, type SketchQuery, type SketchScales, sketchQuery } from '../core/sketch.ts';
import { sketchProductsGraph } from '../graphs/sketch-products.ts';
import { createSession } from './session.ts';

/** A sketch in an onnxruntime session, on one thread of the CPU. */
export class SketchScan {
  readonly #sketch: SketchScales;
  readonly #session: ort.InferenceSession;

  private constructor(sketch: SketchScales, session: ort.InferenceSession) {
    this.#sketch = sketch;
    this.#session = session;
  }

  static async load({ matrix, ...scales }: Sketch): Promise<SketchScan> {
    const graph = sketchProductsGraph({ ...scales, matrix });
    return new SketchScan(scales, await createSession(graph, { provider: 'cpu', threads: 1 }));
  }

  /**
   * Products of a query with every row, high digits [rows] and then low digits [rows]: the bound of a row is
   * (256 high + low) unit + offset.
   */
  async run(p: Float32Array, queryNorm: number): Promise<{ products: Int32Array } & Omit<SketchQuery, 'digits'>> {
    const { digits, unit, offset } = sketchQuery(this.#sketch, p, queryNorm);
    const output = await this.#session.run({ digits: new ort.Tensor('uint8', digits, [2, this.#sketch.size]) });
    const { data } = output.products;
    if (!(data instanceof Int32Array)) throw new Error('expected int32 products on the CPU');
    return { products: data, unit, offset };
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

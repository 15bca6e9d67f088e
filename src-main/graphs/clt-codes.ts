import type { CltShape } from '../core/clt-shape.ts';
import { GraphBuilder } from './builder.ts';
import { CltValues, type WeightSource } from './clt-weights.ts';
import { Ops } from './ops.ts';

/** The encoders of a CLT alone. Input: x [tokens, L*d] raw LN2 activations. Output: z [tokens, L*m]. */
export function cltCodesGraph(shape: CltShape, weights: WeightSource): Uint8Array {
  const { layers, width } = shape;
  const graph = new GraphBuilder('clt-codes');
  const ops = new Ops(graph);
  const x = graph.input('x', 'float32', ['tokens', layers * width]);
  const clt = new CltValues(ops, shape, weights);
  const xs = layers === 1 ? [x] : ops.split(x, Array<number>(layers).fill(width), 1);
  const codes = xs.map((value, layer) => clt.encode(layer, value).z);
  graph.output('z', layers === 1 ? codes[0] : ops.concat(codes, 1));
  return graph.build();
}

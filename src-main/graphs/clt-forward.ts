import { type CltShape, cltParameters } from '../core/clt-shape.ts';
import { sparsifierById } from '../core/sparsifiers/index.ts';
import { type ExternalBytes, GraphBuilder, type Value } from './builder.ts';
import { decode } from './clt-decoder.ts';
import { matrixShape } from './clt-gradient.ts';
import { Ops } from './ops.ts';

/** A stored weight's bytes (W_enc_i, b_enc_i, b_dec_i, W_dec_i, threshold_i), in a file the session can read in place. */
export type StoredWeights = (name: string) => ExternalBytes;

/**
 * The forward pass of a CLT for any number of tokens.
 *
 * Inputs: x [tokens, L*d]; groups [groups, tokens], 1 where a token belongs to a group; without `stored`, also every
 * trained parameter under its name (log_theta_i, not theta). Outputs: yhat [tokens, L*d]; l0 [tokens, L] non-zero
 * features; fired [groups, L*m] tokens of the group on which a feature was not 0.
 */
export function cltForwardGraph(shape: CltShape, stored?: StoredWeights): Uint8Array {
  const { layers, width } = shape;
  const sparsifier = sparsifierById(shape.sparsifier.kind);
  const graph = new GraphBuilder('clt-forward');
  const ops = new Ops(graph);
  const x = graph.input('x', 'float32', ['tokens', layers * width]);
  const groups = graph.input('groups', 'float32', ['groups', 'tokens']);
  const weights = new Map<string, Value>();
  for (const { name, shape: dims } of cltParameters(shape)) {
    const matrix = matrixShape(dims);
    if (!stored) weights.set(name, graph.input(name, 'float32', matrix));
    else {
      const storedName = name.replace('log_theta_', 'threshold_');
      weights.set(storedName, graph.external(storedName, 'float32', matrix, stored(storedName)));
    }
  }
  const weight = (name: string) => weights.get(name) as Value;
  const each = <R>(build: (layer: number) => R): R[] => Array.from({ length: layers }, (_, layer) => build(layer));
  const joined = (values: Value[]) => (layers === 1 ? values[0] : ops.concat(values, 1));

  const xs = layers === 1 ? [x] : ops.split(x, Array<number>(layers).fill(width), 1);
  const codes = each((layer) => {
    const h = ops.gemm(xs[layer], weight(`W_enc_${layer}`), weight(`b_enc_${layer}`), { b: true });
    const logTheta = weights.get(`log_theta_${layer}`);
    const theta = logTheta ? ops.exp(logTheta) : weights.get(`threshold_${layer}`);
    return sparsifier.forward(ops, h, shape.sparsifier.parameters, theta);
  });
  const decoders = each((layer) => weight(`W_dec_${layer}`));
  const bias = joined(each((layer) => weight(`b_dec_${layer}`)));
  graph.output(
    'yhat',
    decode(
      ops,
      codes.map((code) => code.z),
      decoders,
      bias,
    ),
  );
  graph.output('l0', joined(codes.map((code) => ops.reduce('ReduceSum', code.active, [1], true))));
  graph.output('fired', joined(codes.map((code) => ops.gemm(groups, code.active))));
  return graph.build();
}

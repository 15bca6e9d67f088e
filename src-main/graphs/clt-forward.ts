import type { CltShape } from '../core/clt-shape.ts';
import { GraphBuilder, type Value } from './builder.ts';
import { decode, decodeWithShares } from './clt-decoder.ts';
import { CltValues, type WeightSource } from './clt-weights.ts';
import { Ops } from './ops.ts';

/**
 * The forward pass of a CLT for any number of tokens.
 *
 * Inputs: x [tokens, L*d]; groups [groups, tokens], 1 where a token belongs to a group; weights that are inputs.
 * Outputs: yhat [tokens, L*d]; l0 [tokens, L] non-zero features; fired [groups, L*m] tokens of the group on which a
 * feature was not 0; with `shares`, also shares [tokens, L(L+1)/2]: each token's contribution shares, ordered as
 * core/contribution-scores.ts says.
 */
export function cltForwardGraph(
  shape: CltShape,
  weights: WeightSource,
  options: { shares?: boolean } = {},
): Uint8Array {
  const { layers, width } = shape;
  const graph = new GraphBuilder('clt-forward');
  const ops = new Ops(graph);
  const x = graph.input('x', 'float32', ['tokens', layers * width]);
  const groups = graph.input('groups', 'float32', ['groups', 'tokens']);
  const clt = new CltValues(ops, shape, weights);
  const each = <R>(build: (layer: number) => R): R[] => Array.from({ length: layers }, (_, layer) => build(layer));
  const joined = (values: Value[]) => (layers === 1 ? values[0] : ops.concat(values, 1));

  const xs = layers === 1 ? [x] : ops.split(x, Array<number>(layers).fill(width), 1);
  const codes = each((layer) => clt.encode(layer, xs[layer]));
  const zs = codes.map((code) => code.z);
  const decoders = each((layer) => clt.decoder(layer));
  const bias = joined(each((layer) => clt.bias(layer)));
  if (options.shares) {
    const { reconstruction, shares } = decodeWithShares(ops, zs, decoders);
    graph.output('yhat', ops.add(reconstruction, bias));
    graph.output('shares', shares);
  } else {
    graph.output('yhat', decode(ops, zs, decoders, bias));
  }
  graph.output('l0', joined(codes.map((code) => ops.reduce('ReduceSum', code.active, [1], true))));
  graph.output('fired', joined(codes.map((code) => ops.gemm(groups, code.active))));
  return graph.build();
}

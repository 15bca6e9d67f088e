import type { CltShape } from '../core/clt-shape.ts';
import { GraphBuilder } from './builder.ts';
import { CltValues, type WeightSource } from './clt-weights.ts';
import { Ops } from './ops.ts';

/** Below every squared length that is not 0, so that a token nothing is written to has shares of 0 and not NaN. */
const tiny = 1e-30;

/**
 * What each feature adds to one target layer (method, section 5, feature by feature).
 *
 * Inputs: x [tokens, L*d] raw LN2 activations; groups [groups, tokens], 1 where a token belongs to a group.
 * Outputs, sums over a group's tokens: shares_i [groups, m] of z_f <W_dec^{i->j}_f, y^_j> / |y^_j|^2 with the bias-free
 * y^_j, and fired_i [groups, m], for the sources i = 0..target; written [groups, 1], the tokens where y^_j is not 0.
 */
export function edgeFeaturesGraph(shape: CltShape, weights: WeightSource, target: number): Uint8Array {
  const { layers, width } = shape;
  const graph = new GraphBuilder('edge-features');
  const ops = new Ops(graph);
  const x = graph.input('x', 'float32', ['tokens', layers * width]);
  const groups = graph.input('groups', 'float32', ['groups', 'tokens']);
  const clt = new CltValues(ops, shape, weights);
  const sources = Array.from({ length: target + 1 }, (_, source) => {
    const code = clt.encode(source, ops.slice(x, 1, source * width, (source + 1) * width));
    const decoder = ops.slice(clt.decoder(source), 1, (target - source) * width, (target - source + 1) * width);
    return { code, decoder };
  });
  const total = sources
    .map(({ code, decoder }) => ops.gemm(code.z, decoder))
    .reduce((sum, contribution) => ops.add(sum, contribution));
  const norm = ops.reduce('ReduceSumSquare', total, [1], true);
  const direction = ops.div(total, ops.max(norm, ops.scalar(tiny)));
  sources.forEach(({ code, decoder }, source) => {
    const shares = ops.mul(code.z, ops.gemm(direction, decoder, undefined, { b: true }));
    graph.output(`shares_${source}`, ops.gemm(groups, shares));
    graph.output(`fired_${source}`, ops.gemm(groups, code.active));
  });
  graph.output('written', ops.gemm(groups, ops.greater(norm, ops.scalar(0))));
  return graph.build();
}

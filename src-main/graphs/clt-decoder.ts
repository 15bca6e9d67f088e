import type { Value } from './builder.ts';
import type { Ops } from './ops.ts';

/**
 * yhat for all targets from the codes of all sources (method, section 2).
 * codes: one [tokens, m] per layer; decoders: W_dec_i as [m, (L-i)*d]; bias: [1, L*d] or none (AuxK).
 * Returns [tokens, L*d]. Source i writes to the targets i..L-1, so the running sum loses its first target at each
 * step and every product adds itself to the rest of the sum inside one Gemm.
 */
export function decode(ops: Ops, codes: readonly Value[], decoders: readonly Value[], bias?: Value): Value {
  const layers = codes.length;
  const width = (decoders[layers - 1] as Value).shape[1] as number;
  const done: Value[] = [];
  let running = bias;
  codes.forEach((code, source) => {
    const sum = ops.gemm(code, decoders[source] as Value, running);
    if (source === layers - 1) {
      done.push(sum);
      return;
    }
    const [target, rest] = ops.split(sum, [width, width * (layers - source - 1)], 1) as [Value, Value];
    done.push(target);
    running = rest;
  });
  return layers === 1 ? (done[0] as Value) : ops.concat(done, 1);
}

/**
 * The same sum without bias, with every term <c_{i->j}, y^_j> / |y^_j|^2 of it (method, section 5), [tokens, L(L+1)/2]:
 * target by target, sources 0..target. NaN where nothing is written to a target.
 */
export function decodeWithShares(
  ops: Ops,
  codes: readonly Value[],
  decoders: readonly Value[],
): { reconstruction: Value; shares: Value } {
  const width = (decoders[codes.length - 1] as Value).shape[1] as number;
  const written = codes.map((code, source) => ops.gemm(code, decoders[source] as Value));
  const totals: Value[] = [];
  const shares: Value[] = [];
  for (let target = 0; target < codes.length; target++) {
    const terms = written
      .slice(0, target + 1)
      .map((value, source) => ops.slice(value, 1, (target - source) * width, (target - source + 1) * width));
    const total = terms.reduce((sum, term) => ops.add(sum, term));
    const norm = ops.reduce('ReduceSumSquare', total, [1], true);
    totals.push(total);
    for (const term of terms) shares.push(ops.div(ops.reduce('ReduceSum', ops.mul(term, total), [1], true), norm));
  }
  return { reconstruction: ops.concat(totals, 1), shares: ops.concat(shares, 1) };
}

/** The part of [tokens, L*d] that concerns the targets source..L-1. */
export function targetsFrom(ops: Ops, values: Value, source: number, layers: number): Value {
  if (source === 0) return values;
  const total = values.shape[1] as number;
  return ops.slice(values, 1, (total / layers) * source, total);
}

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

/** The part of [tokens, L*d] that concerns the targets source..L-1. */
export function targetsFrom(ops: Ops, values: Value, source: number, layers: number): Value {
  if (source === 0) return values;
  const total = values.shape[1] as number;
  return ops.slice(values, 1, (total / layers) * source, total);
}

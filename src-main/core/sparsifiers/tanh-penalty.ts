import type { TensorOps } from '../tensor-ops.ts';
import type { Regulariser, RegulariserInput } from './sparsifier.ts';

/**
 * The sparsity penalty lambda/B sum tanh(c ||W_dec|| z) and, for dead features, the push w/B sum relu(theta - h) ||W_dec||
 * that brings them back (method, section 2); theta is 0 without thresholds.
 */
export function tanhPenalty<T>(ops: TensorOps<T>, input: RegulariserInput<T>, c: number): Regulariser<T> {
  const weight = ops.div(input.lambda, ops.scalar(input.tokens));
  const scaledNorm = ops.mul(input.decoderNorm, ops.scalar(c));
  const saturation = ops.tanh(ops.mul(scaledNorm, input.z));
  const slope = ops.mul(weight, ops.sub(ops.scalar(1), ops.mul(saturation, saturation)));
  const sparsity = {
    loss: ops.mul(weight, ops.sumAll(saturation)),
    dz: ops.mul(slope, scaledNorm),
    dDecoderNorm: ops.mul(ops.sumRows(ops.mul(slope, input.z)), ops.scalar(c)),
  };
  if (input.dead === undefined) return sparsity;

  const share = ops.mul(input.dead, ops.scalar(input.preactivationWeight / input.tokens));
  const short = input.theta === undefined ? ops.neg(input.h) : ops.sub(input.theta, input.h);
  const below = ops.greater(short, ops.scalar(0));
  const pushPerNorm = ops.mul(share, ops.sumRows(ops.relu(short)));
  const pull = ops.mul(share, input.decoderNorm);
  return {
    ...sparsity,
    loss: ops.add(sparsity.loss, ops.sumAll(ops.mul(pushPerNorm, input.decoderNorm))),
    dDecoderNorm: ops.add(sparsity.dDecoderNorm, pushPerNorm),
    dh: ops.neg(ops.mul(pull, below)),
    ...(input.theta === undefined ? {} : { dTheta: ops.mul(pull, ops.sumRows(below)) }),
  };
}

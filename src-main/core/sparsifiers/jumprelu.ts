import { z } from 'zod';
import type { Sparsifier } from './sparsifier.ts';

/** h where h > theta, else 0, with a trained threshold per feature (Rajamanoharan et al. 2024; method, section 2). */
export const jumpReLU: Sparsifier = {
  id: 'jumprelu',
  title: 'JumpReLU',
  summary: 'keeps the preactivations above a threshold trained for each feature',
  parameters: z.strictObject({
    bandwidth: z.number().positive().default(0.25).describe("width eps of the rectangle kernel of theta's gradient"),
    c: z.number().positive().default(4).describe('steepness of the tanh in the sparsity penalty'),
    lambda: z.number().min(0).default(3e-4).describe('weight of the sparsity penalty at the end of its ramp'),
    initialThreshold: z.number().positive().default(0.5).describe('theta of every feature at initialisation'),
  }),
  revival: 'preactivation-push',

  initialThreshold: ({ initialThreshold }) => initialThreshold,

  apply(h, _parameters, theta) {
    if (!theta) throw new Error('jumprelu needs its thresholds');
    return h.map((value, feature) => (value > theta[feature] ? value : 0));
  },

  forward(ops, h, { bandwidth }, theta) {
    if (theta === undefined) throw new Error('jumprelu needs its thresholds');
    const active = ops.greater(h, theta);
    return {
      z: ops.mul(h, active),
      active,
      backward(dz) {
        // dz/dtheta = -(theta/eps) 1[|h - theta| < eps/2]
        const near = ops.greater(ops.scalar(bandwidth / 2), ops.abs(ops.sub(h, theta)));
        const slope = ops.div(theta, ops.scalar(-bandwidth));
        return { dh: ops.mul(dz, active), dTheta: ops.mul(slope, ops.sumRows(ops.mul(dz, near))) };
      },
    };
  },

  regulariser(ops, input, { c }) {
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

    // Push for dead features: w/B sum relu(theta - h) ||W_dec||.
    const share = ops.mul(input.dead, ops.scalar(input.preactivationWeight / input.tokens));
    const short = ops.sub(input.theta, input.h);
    const below = ops.greater(short, ops.scalar(0));
    const pushPerNorm = ops.mul(share, ops.sumRows(ops.relu(short)));
    const pull = ops.mul(share, input.decoderNorm);
    return {
      ...sparsity,
      loss: ops.add(sparsity.loss, ops.sumAll(ops.mul(pushPerNorm, input.decoderNorm))),
      dDecoderNorm: ops.add(sparsity.dDecoderNorm, pushPerNorm),
      dh: ops.neg(ops.mul(pull, below)),
      dTheta: ops.mul(pull, ops.sumRows(below)),
    };
  },
};

import { z } from 'zod';
import type { Sparsifier } from './sparsifier.ts';
import { tanhPenalty } from './tanh-penalty.ts';

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

  regulariser: (ops, input, { c }) => tanhPenalty(ops, input, c),
};

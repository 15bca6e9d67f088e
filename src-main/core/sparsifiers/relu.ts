import { z } from 'zod';
import type { Sparsifier } from './sparsifier.ts';
import { tanhPenalty } from './tanh-penalty.ts';

/** max(h, 0): what circuit-tracer takes a transcoder without thresholds for (method, sections 2 and 9). */
export const relu: Sparsifier = {
  id: 'relu',
  title: 'ReLU',
  summary: 'keeps the positive preactivations',
  parameters: z.strictObject({
    c: z.number().positive().default(4).describe('steepness of the tanh in the sparsity penalty'),
    lambda: z.number().min(0).default(3e-4).describe('weight of the sparsity penalty at the end of its ramp'),
  }),
  revival: 'preactivation-push',

  apply(h) {
    return h.map((value) => Math.max(value, 0));
  },

  forward(ops, h) {
    const active = ops.greater(h, ops.scalar(0));
    return { z: ops.relu(h), active, backward: (dz) => ({ dh: ops.mul(dz, active) }) };
  },

  regulariser: (ops, input, { c }) => tanhPenalty(ops, input, c),
};

import { z } from 'zod';
import { topKIndices } from '../top-k.ts';
import type { Sparsifier } from './sparsifier.ts';

/** The k largest of max(h, 0) are kept, the rest are 0 (method, section 2). */
export const reluTopK: Sparsifier = {
  id: 'relu-topk',
  title: 'ReLU-TopK',
  summary: 'keeps the k largest positive preactivations of a token',
  parameters: z.strictObject({
    k: z.int().min(1).default(32).describe('features kept for each token and layer'),
  }),
  revival: 'aux-k',

  apply(h, { k }) {
    const positive = h.map((value) => Math.max(value, 0));
    const code = new Float32Array(h.length);
    for (const feature of topKIndices(positive, k)) code[feature] = positive[feature];
    return code;
  },

  forward(ops, h, { k }) {
    const positive = ops.relu(h);
    const z = ops.mul(positive, ops.topKMask(positive, k));
    const active = ops.greater(z, ops.scalar(0));
    return { z, active, backward: (dz) => ({ dh: ops.mul(dz, active) }) };
  },
};

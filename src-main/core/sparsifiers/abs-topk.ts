import { z } from 'zod';
import { topKIndices } from '../top-k.ts';
import type { Sparsifier } from './sparsifier.ts';

/** The k preactivations of largest magnitude are kept with their sign, the rest are 0 (Zhu et al. 2025). */
export const absTopK: Sparsifier = {
  id: 'abs-topk',
  title: 'Abs-TopK',
  summary: 'keeps the k preactivations of largest magnitude of a token, with their sign',
  parameters: z.strictObject({
    k: z.int().min(1).default(32).describe('features kept for each token and layer'),
  }),
  revival: 'aux-k',

  apply(h, { k }) {
    const code = new Float32Array(h.length);
    for (const feature of topKIndices(h.map(Math.abs), k)) code[feature] = h[feature];
    return code;
  },

  forward(ops, h, { k }) {
    const magnitude = ops.abs(h);
    const kept = ops.topKMask(magnitude, k);
    const active = ops.mul(kept, ops.greater(magnitude, ops.scalar(0)));
    return { z: ops.mul(h, kept), active, backward: (dz) => ({ dh: ops.mul(dz, kept) }) };
  },
};

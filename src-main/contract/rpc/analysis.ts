import { z } from 'zod';
import { tokenGroups } from '../../core/tokens.ts';
import { procedure } from './procedure.ts';

const layer = z.int().min(0).max(10_000);
const runId = z.string();
const tokens = z.enum(tokenGroups);

const flips = z.object({
  /** Names of the classes. */
  classes: z.array(z.string()),
  /** In the order of the images; classes by index. */
  flips: z.array(z.object({ image: z.int(), truth: z.int(), before: z.int(), after: z.int() })),
});
export type FlipsAnswer = z.infer<typeof flips>;

const edgeFeatures = z.object({
  /** Test images and tokens that were read. */
  images: z.int(),
  tokens: z.int(),
  /** The sum over all features: the contribution score on these images. */
  score: z.number(),
  /** Features that were not 0 anywhere. */
  active: z.int(),
  /** The largest by magnitude of share, at most 200; rate as a share of the tokens. */
  features: z.array(z.object({ feature: z.int(), share: z.number(), rate: z.number(), label: z.string().nullable() })),
});
export type EdgeFeaturesAnswer = z.infer<typeof edgeFeatures>;

export const analysisContract = {
  /** Test images whose best class changes when the blocks from..L-1 are replaced; null for a run that did not keep them. */
  flips: procedure.input(z.object({ runId, from: layer, tokens })).output(flips.nullable()),
  /** The features that carry an edge, over a bounded number of test images (method, section 5). */
  edgeFeatures: procedure.input(z.object({ runId, source: layer, target: layer, tokens })).output(edgeFeatures),
};

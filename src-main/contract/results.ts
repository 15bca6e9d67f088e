import { z } from 'zod';
import { tokenGroups } from '../core/tokens.ts';
import { recipeSchema } from './recipe.ts';

const layer = z.int().min(0);
const fraction = z.number().min(0).max(1);
const correlation = z.number().min(-1).max(1);
const tokenGroup = z.enum(tokenGroups);

/** One value for each token group of method section 1. */
function byGroup<T extends z.ZodType>(schema: T) {
  return z.object({ cls: schema, patches: schema, all: schema });
}

/** Method section 3; mse in squared raw activation units, l0 in features per token, dead as a share. */
export const reconstructionRowSchema = z.object({
  layer,
  cosine: z.number(),
  mse: z.number().min(0),
  r2: z.number(),
  l0: z.number().min(0),
  dead: fraction,
});

/** Method section 6: the frozen model; `n` images. */
const zeroShotSchema = z.object({
  top1: fraction,
  top5: fraction,
  n: z.int().min(0),
  perTemplate: z.array(z.object({ template: z.string(), top1: fraction, top5: fraction })).optional(),
});

const cascadeRowSchema = z.object({
  from: layer,
  tokens: tokenGroup,
  top1: fraction,
  top5: fraction,
  /** Images, and the frozen model's accuracy on the same ones. */
  n: z.int().min(1),
  frozenTop1: fraction,
  kl: z.number(),
  flipRate: fraction,
  top5Agreement: fraction,
  cosine: z.number(),
  cka: z.number(),
  spearman: correlation,
});

/** [source][target], null above the diagonal (method, section 5). */
const contributionSchema = z.array(z.array(z.number().nullable()));

const necessityRowSchema = z.object({
  tokens: tokenGroup,
  /** Images, and the frozen model's accuracy on the same ones. */
  n: z.int().min(1),
  frozenTop1: fraction,
  /** Source layers, best first. */
  ranking: z.array(layer),
  /** flipRate: share of images whose best class differs from the frozen model's. */
  dropTop1: z.object({ source: layer, top1: fraction, flipRate: fraction.optional() }),
  keepTop4: z.object({ sources: z.array(layer), top1: fraction, flipRate: fraction.optional() }),
  controls: z.array(z.object({ name: z.string(), seed: z.int().optional(), sources: z.array(layer), top1: fraction })),
});

const auditRowSchema = z.object({
  layer,
  zeroAblationTop1: fraction,
  meanAblationTop1: fraction,
  n: z.int().min(1),
  frozenTop1: fraction,
});

/** Method section 6: top-1 for each template alone, the frozen model and every window of `cascade` on the same images. */
const promptsSchema = z.object({
  templates: z.array(z.string()).min(1),
  n: z.int().min(1),
  frozen: z.object({ top1: z.array(fraction), spread: z.number().min(0) }),
  rows: z.array(
    z.object({
      from: layer,
      tokens: tokenGroup,
      /** By template. */
      top1: z.array(fraction),
      /** Standard deviation of top-1 over the templates. */
      spread: z.number().min(0),
      /** Mean over the templates of |top1 - frozen top1|. */
      meanAbsDifference: z.number().min(0),
    }),
  ),
});

/** Method section 7: share of the three nearest training images that have the query's class, over `n` test images. */
const retrievalRowSchema = z.object({
  layer,
  precisionAt3: fraction,
  rawPrecisionAt3: fraction,
  n: z.int().min(1),
});

/** The sections that stages write, one result each. A stage that has not been run yet leaves its sections out. */
export const resultSections = {
  reconstruction: byGroup(z.array(reconstructionRowSchema)),
  zeroShot: zeroShotSchema,
  cascade: z.array(cascadeRowSchema).optional(),
  contribution: byGroup(contributionSchema).optional(),
  necessity: z.array(necessityRowSchema).optional(),
  audit: z.array(auditRowSchema).optional(),
  auditSpearman: correlation.optional(),
  prompts: promptsSchema.optional(),
  retrieval: z.object({ cls: z.array(retrievalRowSchema), patches: z.array(retrievalRowSchema) }).optional(),
} as const;

/** The results document of a run: what is published, compared and exported. */
export const resultsSchema = z.strictObject({
  schemaVersion: z.literal(1),
  run: z.object({
    id: z.string(),
    config: recipeSchema,
    seed: z.int(),
    model: z.object({ name: z.string(), sha256: z.string() }),
    /** `train` and `test` are numbers of images. */
    dataset: z.object({ name: z.string(), sha256: z.string(), train: z.int().min(0), test: z.int().min(0) }),
  }),
  ...resultSections,
  /** Seconds spent, by stage. */
  timings: z.record(z.string(), z.number().min(0)),
});

export type Results = z.infer<typeof resultsSchema>;
export type ReconstructionRow = z.infer<typeof reconstructionRowSchema>;

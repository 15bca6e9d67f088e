import { z } from 'zod';
import { promptTemplateSetNames } from '../core/prompt-templates.ts';
import { sparsifierIds, sparsifiers } from '../core/sparsifiers/index.ts';
import type { SparsifierParameters } from '../core/sparsifiers/sparsifier.ts';

/** A name in a project: of a run, a model, a data set. */
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'small letters, digits, dots and dashes, beginning with a letter or digit');
const count = z.int().min(1);
const share = z.number().min(0).max(1);
const seed = z.int().min(0).max(0xffffffff);
const template = z.string().regex(/\{\}/, 'a sentence with {} where the class belongs');

/** `kind` and, beside it, the parameters that its entry in core/sparsifiers declares. */
const [firstKind, ...otherKinds] = sparsifierIds.map((id) =>
  sparsifiers[id].parameters.extend({ kind: z.literal(id).describe(sparsifiers[id].summary) }),
);
const sparsifierSchema = z.discriminatedUnion('kind', [firstKind, ...otherKinds]);

const captureSchema = z.strictObject({
  mode: z
    .enum(['shards', 'stream'])
    .default('shards')
    .describe('shards: activations are written to the project once and reused; stream: recomputed, nothing on disk'),
  patchesPerImage: z
    .union([z.int().min(0), z.literal('all')], { error: "a whole number of at least 0, or 'all'" })
    .default(16)
    .describe('patch tokens drawn at random from each training image, beside its CLS token'),
  diskBudgetGB: z
    .number()
    .positive()
    .default(20)
    .describe('capture refuses to start when its shards would need more (10^9 bytes)'),
  shuffleBufferTokens: count
    .default(65_536)
    .describe('stream only: tokens held in memory to draw training batches from'),
  batchImages: count.default(32).describe('images sent through the vision tower at once'),
  maxImages: count.optional().describe('use only this many training images, a choice that follows from the seed'),
  seed: seed
    .optional()
    .describe(
      "draws tokens and images in place of the recipe's seed, so that runs of several seeds share their shards",
    ),
});

const trainSchema = z.strictObject({
  sparsifier: sparsifierSchema.prefault({ kind: firstKind.shape.kind.value }).describe('what makes the codes sparse'),
  features: count.optional().describe('features per layer (m); where given, expansion is not looked at'),
  expansion: z.number().positive().default(4).describe('features per layer over the model width (m/d)'),
  steps: count.default(600).describe('optimiser steps'),
  batchTokens: count.default(1024).describe('tokens in one step'),
  learningRate: z
    .union([z.number().positive(), z.literal('auto')], { error: "a number above 0, or 'auto'" })
    .default('auto')
    .describe('peak learning rate; auto = 2e-4 / sqrt(m / 2^14)'),
  warmupSteps: z.int().min(0).default(50).describe('steps over which the learning rate rises from 0'),
  decayShare: share.default(0.2).describe('last share of the steps, over which the learning rate falls to 0'),
  clipNorm: z.number().positive().default(1).describe('largest global norm of the gradient'),
  deadAfterTokens: count.default(1_000_000).describe('a feature that has not fired for this many tokens is dead'),
  auxK: z.int().min(0).default(128).describe('top-k kinds: at most this many dead features rebuild the residual error'),
  auxWeight: z
    .number()
    .min(0)
    .default(1 / 32)
    .describe('weight of that auxiliary loss'),
  preactivationWeight: z.number().min(0).default(3e-6).describe('jumprelu: push that brings dead features back'),
  evaluateEvery: count.default(50).describe('steps between measurements on a held-out batch'),
  checkpointEvery: count.default(100).describe('steps between checkpoints'),
});

const evaluateSchema = z.strictObject({
  batchImages: count.default(32).describe('images measured at once'),
  maxImages: count.optional().describe('measure only this many test images, a choice that follows from the seed'),
  replacementImages: count
    .optional()
    .describe('test images for cascade and audit, which run many blocks for each of them; maxImages unless given'),
  promptTemplates: z
    .union([z.enum(promptTemplateSetNames), z.array(template).min(1)], {
      error: `one of ${promptTemplateSetNames.join(', ')}, or a list of sentences with {} where the class belongs`,
    })
    .default('cifar100')
    .describe('prompts over which the sensitivity of zero-shot accuracy is measured: the name of a set, or sentences'),
});

const indexSchema = z.strictObject({
  maxImages: count.optional().describe('index only this many training images, a choice that follows from the seed'),
  queries: count.default(1000).describe('test images whose retrieval is scored'),
  topImages: count.default(16).describe('images kept for each feature'),
  vocabulary: z.array(z.string().min(1)).default([]).describe('words beside the classes that may label a feature'),
  centreLabels: z
    .boolean()
    .default(true)
    .describe('label features by directions from the mean over all features; false: from the origin'),
});

/** A recipe: all that a run depends on beside the bytes of its model and data set. Unknown keys are mistakes. */
export const recipeSchema = z.strictObject({
  name: slug.describe('what the run is called'),
  model: slug.default('mini-clip').describe('name of a model in the project'),
  dataset: slug.default('emoji').describe('name of a data set in the project'),
  seed: seed.default(0).describe('source of every random choice'),
  provider: z.enum(['cpu', 'webgpu']).default('cpu').describe('execution provider that trains'),
  capture: captureSchema.prefault({}).describe('how activations are gathered'),
  train: trainSchema.prefault({}).describe('how the transcoder is trained'),
  evaluate: evaluateSchema.prefault({}).describe('how it is measured'),
  index: indexSchema.prefault({}).describe('how images are indexed for retrieval and features'),
  imported: z
    .strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal') })
    .optional()
    .describe('written by strata import: the hash of weights that were trained elsewhere'),
});

export type Recipe = z.infer<typeof recipeSchema>;

/** The seed by which capture draws images and tokens. */
export function captureSeed(recipe: Recipe): number {
  return recipe.capture.seed ?? recipe.seed;
}

/** Features per layer, m, for a model of the given width. */
export function featureCount(train: Recipe['train'], width: number): number {
  return train.features ?? Math.max(1, Math.round(train.expansion * width));
}

/** The recipe's sparsifier as core/clt-shape.ts states it. */
export function sparsifierChoice(train: Recipe['train']): { kind: string; parameters: SparsifierParameters } {
  const { kind, ...parameters } = train.sparsifier;
  return { kind: String(kind), parameters: z.record(z.string(), z.number()).parse(parameters) };
}

import { z } from 'zod';
import { procedure } from './procedure.ts';

const tower = z.object({
  layers: z.int(),
  width: z.int(),
  heads: z.int(),
  mlpWidth: z.int(),
  activation: z.string(),
});

const architecture = z.object({
  vision: tower.extend({ patchSize: z.int(), imageSize: z.int(), tokens: z.int() }),
  text: tower.extend({ vocabSize: z.int(), maxTokens: z.int() }),
  projection: z.int(),
  /** Trained values of both towers, and the weights' file in bytes. */
  parameters: z.number(),
  bytes: z.number(),
  /** Of the weights, such as F32. */
  dtypes: z.array(z.string()),
});
export type Architecture = z.infer<typeof architecture>;

const modelSummary = z.object({
  name: z.string(),
  /** Of the weights' file. */
  sha256: z.string(),
  path: z.string(),
  embedded: z.boolean(),
  createdAt: z.string(),
  /** Null when the folder cannot be read any more; `problem` says why. */
  architecture: architecture.nullable(),
  problem: z.string().nullable(),
});
export type ModelSummary = z.infer<typeof modelSummary>;

/** A text beside the model: its card or its licence. */
const document = z.object({ file: z.string(), text: z.string() });

const accuracy = z.object({
  dataset: z.string(),
  /** A run's name, or null where the whole test split was measured on request. */
  run: z.object({ id: z.string(), name: z.string() }).nullable(),
  n: z.int(),
  top1: z.number(),
  top5: z.number(),
});
export type Accuracy = z.infer<typeof accuracy>;

const confusion = z.object({
  n: z.int(),
  top1: z.number(),
  top5: z.number(),
  /** The classes most often taken for another, the most frequent first. */
  pairs: z.array(
    z.object({
      classIndex: z.int(),
      className: z.string(),
      takenForIndex: z.int(),
      takenFor: z.string(),
      /** Images of the class that were taken for the other, out of `of`; `examples` are the first of them. */
      images: z.int(),
      of: z.int(),
      examples: z.array(z.int()),
    }),
  ),
});
export type Confusion = z.infer<typeof confusion>;

const pair = z.object({ model: z.string(), dataset: z.string() });

export const modelsContract = {
  /** By name. */
  list: procedure.output(z.array(modelSummary)),
  /** Model card and licence, where the folder has them; at most 100 kB each. */
  documents: procedure.input(z.object({ model: z.string() })).output(z.array(document)),
  /** Frozen zero-shot accuracies that are known, by data set, those on most images first. */
  accuracies: procedure.input(z.object({ model: z.string() })).output(z.array(accuracy)),
  /** From the measurement of a test split; null until it was measured. */
  confusion: procedure.input(pair).output(confusion.nullable()),
  /** Begins to measure the frozen model on a data set's test split; gives the activity's id. */
  measure: procedure.input(pair).output(z.object({ id: z.string() })),
  /** Looks at a model folder without adding it. */
  inspect: procedure
    .input(z.object({ path: z.string().min(1) }))
    .output(z.object({ path: z.string(), name: z.string(), architecture })),
  /** Adds a model folder to the project; hashing large weights takes seconds. */
  add: procedure.input(z.object({ path: z.string().min(1), name: z.string().optional() })).output(modelSummary),
  /** Adds the model that comes with Strata. */
  addEmbedded: procedure.output(modelSummary),
};

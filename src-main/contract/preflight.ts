import { z } from 'zod';

const count = z.number().min(0);

/** What a recipe needs of the machine, computed from its numbers. Bytes are bytes. */
export const preflightSchema = z.object({
  /** Images trained on, tokens kept of each, and tokens in all. */
  images: count,
  tokensPerImage: count,
  tokens: count,
  /** Test images that are measured, and of those the ones on which blocks are replaced. */
  testImages: count,
  replacementImages: count,
  /** Features per layer and trained values. */
  features: count,
  parameters: count,
  /** Of the activation shards: 0 for capture.mode `stream`. `captured`: they are there already. */
  diskBytes: count,
  captured: z.boolean(),
  diskFreeBytes: count,
  diskBudgetBytes: count,
  /** Weights, Adam's moments, gradients and one batch's codes. */
  memoryBytes: count,
  memoryFreeBytes: count,
  /** What would stop the run or make it crawl, each with what to change. */
  problems: z.array(z.string()),
});

export type Preflight = z.infer<typeof preflightSchema>;

/** Speeds measured in the engine process. */
export const speedsSchema = z.object({
  imagesPerSecond: count,
  secondsPerStep: count,
  /** The CLT's forward pass, for one token. */
  secondsPerToken: count,
  /** What the measurement took, and the most memory the engine process has had. */
  seconds: count,
  peakBytes: count,
});

export type Speeds = z.infer<typeof speedsSchema>;

/** Seconds a recipe's stages would take on this machine. */
export const probeSchema = z.object({
  speeds: speedsSchema,
  /** `measured`: work to do times measured speed; `scaled`: from the same speeds and the number of passes, roughly. */
  stages: z.array(z.object({ title: z.string(), seconds: count, basis: z.enum(['measured', 'scaled']) })),
  seconds: count,
});

export type Probe = z.infer<typeof probeSchema>;

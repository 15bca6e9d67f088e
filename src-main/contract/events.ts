import { z } from 'zod';

const seconds = z.number().min(0);

/** A stage of the pipeline began, ended, or found its result already there. */
const stageEvent = z.object({
  type: z.literal('stage'),
  stage: z.string(),
  state: z.enum(['started', 'finished', 'reused']),
  seconds: seconds.optional(),
});

/** How far a stage is, in its own unit (`images`, `tokens`, `batches`). */
const progressEvent = z.object({
  type: z.literal('progress'),
  stage: z.string(),
  done: z.number().min(0),
  total: z.number().min(0),
  unit: z.string(),
  perSecond: z.number().min(0),
  secondsLeft: seconds,
});

/** The state of a training run at one step; the layers are measured on a held-out batch. */
const trainingEvent = z.object({
  type: z.literal('training'),
  step: z.int().min(0),
  steps: z.int().min(1),
  loss: z.number(),
  learningRate: z.number(),
  tokensPerSecond: z.number().min(0),
  secondsLeft: seconds,
  /** Weight of the sparsity penalty at this step, for sparsifiers that have one. */
  lambda: z.number().optional(),
  layers: z.array(
    z.object({ layer: z.int().min(0), r2: z.number(), cosine: z.number(), l0: z.number(), dead: z.number() }),
  ),
});

/** A sentence for the person who watches: something was skipped, resumed, or looks doubtful. */
const noticeEvent = z.object({
  type: z.literal('notice'),
  level: z.enum(['info', 'warning']),
  message: z.string(),
});

/** Everything a job says while it runs. */
export const jobEventSchema = z.discriminatedUnion('type', [stageEvent, progressEvent, trainingEvent, noticeEvent]);

export type JobEvent = z.infer<typeof jobEventSchema>;
export type TrainingEvent = z.infer<typeof trainingEvent>;

/** An event as stored: numbered from 1 within its job, with the time it was appended. */
export const jobEventRecordSchema = z.object({
  jobId: z.string(),
  seq: z.int().min(1),
  /** ISO 8601, UTC. */
  time: z.string(),
  event: jobEventSchema,
});

export type JobEventRecord = z.infer<typeof jobEventRecordSchema>;

import { z } from 'zod';

/** Work that a window's process does itself, or has its engine do, and that leaves no job: it ends with the process. */
export const activitySchema = z.object({
  id: z.string(),
  kind: z.enum(['import', 'zeroShot']),
  /** In words: what it is about, such as a data set's name. */
  subject: z.string(),
  /** The data set it adds or measures on, and the model it measures. */
  dataset: z.string(),
  model: z.string().nullable(),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  /** Images; the total is 0 until it is known. */
  done: z.int().min(0),
  total: z.int().min(0),
  perSecond: z.number().min(0),
  secondsLeft: z.number().min(0),
  /** What came of it, or why it failed; empty while it runs. */
  message: z.string(),
});

export type Activity = z.infer<typeof activitySchema>;

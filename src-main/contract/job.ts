import { z } from 'zod';

export const jobStates = [
  'queued',
  'running',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
  'interrupted',
] as const;

export type JobState = (typeof jobStates)[number];

/** States a job is in while a process works on it or is about to. */
export const activeJobStates = ['queued', 'running', 'cancelling'] as const satisfies JobState[];

/** One attempt to carry out a run. `interrupted`: its process is gone without having said how it ended. */
export const jobSchema = z.object({
  id: z.string(),
  runId: z.string(),
  kind: z.enum(['pipeline']),
  state: z.enum(jobStates),
  /** Times are ISO 8601, UTC. */
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export type Job = z.infer<typeof jobSchema>;

export function isActive(job: Pick<Job, 'state'>): boolean {
  return activeJobStates.some((state) => state === job.state);
}

import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { jobEventRecordSchema } from '../events.ts';
import { jobSchema } from '../job.ts';
import { procedure } from './procedure.ts';

const jobId = z.object({ jobId: z.string() });
const runId = z.object({ runId: z.string() });

export const jobsContract = {
  /** Newest first. */
  list: procedure.output(z.array(jobSchema)),
  /** Carries out a run, or goes on with it, once the jobs queued before are done. */
  start: procedure.input(runId).output(jobSchema),
  /** Asks a job to stop at the next batch; one that waits in the queue is cancelled at once. */
  cancel: procedure.input(jobId).output(z.void()),
  /** Events numbered above `afterSeq` (0 for all), then new ones until the job has ended. */
  watch: procedure
    .input(jobId.extend({ afterSeq: z.int().min(0).default(0) }))
    .output(eventIterator(jobEventRecordSchema)),
  /** The end of the run's log, at most 200 kB. */
  log: procedure.input(runId).output(z.string()),
};

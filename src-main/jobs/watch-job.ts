import { setTimeout as sleep } from 'node:timers/promises';
import type { JobEventRecord } from '../contract/events.ts';
import { isActive } from '../contract/job.ts';
import { eventsAfter } from '../store/events.ts';
import { interruptStaleJobs, jobById } from '../store/jobs.ts';
import type { Project } from '../store/project-folder.ts';

const pollMs = 100;
const staleCheckMs = 5000;

/**
 * The job's events numbered above `afterSeq` (0 for all): those stored already, then new ones as they come, until the
 * job has ended or `signal` fires. Works from any process; a watcher that starts over with the last number it saw
 * misses nothing and gets nothing twice.
 */
export async function* watchJob(
  project: Project,
  jobId: string,
  afterSeq = 0,
  signal?: AbortSignal,
): AsyncGenerator<JobEventRecord> {
  let seq = afterSeq;
  let quietSince = performance.now();
  while (!signal?.aborted) {
    // The state is read first: events of a job that had ended by then are all stored.
    const ended = !isActive(await jobById(project, jobId));
    const records = await eventsAfter(project, jobId, seq);
    for (const record of records) {
      seq = record.seq;
      yield record;
    }
    if (records.length > 0) quietSince = performance.now();
    else if (ended) return;
    else await sleep(pollMs);
    if (performance.now() - quietSince > staleCheckMs) {
      quietSince = performance.now();
      await interruptStaleJobs(project);
    }
  }
}

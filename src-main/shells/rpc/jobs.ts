import { open } from 'node:fs/promises';
import { jobQueue } from '../../jobs/job-queue.ts';
import { runLogPath } from '../../jobs/run-log.ts';
import { watchJob } from '../../jobs/watch-job.ts';
import { listJobs } from '../../store/jobs.ts';
import type { Project } from '../../store/project-folder.ts';
import { answer, openedProject } from './answer.ts';

const longestLog = 200_000;

export const jobsRouter = {
  list: answer.jobs.list.handler(async ({ context }) => (await listJobs(await openedProject(context))).reverse()),
  start: answer.jobs.start.handler(async ({ context, input }) =>
    jobQueue(await openedProject(context)).add(input.runId),
  ),
  cancel: answer.jobs.cancel.handler(async ({ context, input }) =>
    jobQueue(await openedProject(context)).cancel(input.jobId),
  ),
  watch: answer.jobs.watch.handler(async function* ({ context, input, signal }) {
    yield* watchJob(await openedProject(context), input.jobId, input.afterSeq, signal);
  }),
  log: answer.jobs.log.handler(async ({ context, input }) => endOfLog(await openedProject(context), input.runId)),
};

async function endOfLog(project: Project, runId: string): Promise<string> {
  const file = await open(runLogPath(project, runId)).catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - longestLog);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

import { StrataError } from '../contract/errors.ts';
import { activeJobStates, type Job, jobSchema } from '../contract/job.ts';
import type { Project } from './project-folder.ts';
import { isRunLocked } from './run-lock.ts';
import type { JobTable } from './tables.ts';

/** A job with the processes behind it. */
export interface StoredJob extends Job {
  pid: number;
  starterPid: number;
}

/**
 * Queues a job for a run on behalf of this process. ALREADY_EXISTS when another job of the run is queued or running,
 * which the database itself forbids.
 */
export async function queueJob(project: Project, runId: string): Promise<StoredJob> {
  const { count } = await project.db
    .selectFrom('jobs')
    .where('runId', '=', runId)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const row: JobTable = {
    id: `${runId}.${count + 1}`,
    runId,
    kind: 'pipeline',
    state: 'queued',
    pid: process.pid,
    starterPid: process.pid,
    createdAt: new Date().toISOString(),
    startedAt: null,
    finishedAt: null,
    errorCode: null,
    errorMessage: null,
  };
  const { numInsertedOrUpdatedRows } = await project.db
    .insertInto('jobs')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 1n) return toJob(row);
  const other = await activeJob(project, runId);
  const by = other ? `by process ${other.pid} since ${other.startedAt ?? other.createdAt}` : 'by another process';
  throw new StrataError('ALREADY_EXISTS', `run ${runId} is being worked on ${by}; wait for it to end or cancel it`);
}

/** NOT_FOUND when there is no such job. */
export async function jobById(project: Project, jobId: string): Promise<StoredJob> {
  const row = await project.db.selectFrom('jobs').selectAll().where('id', '=', jobId).executeTakeFirst();
  if (row === undefined) throw new StrataError('NOT_FOUND', `${project.dir} has no job ${jobId}`);
  return toJob(row);
}

/** All jobs, or those of one run; oldest first. */
export async function listJobs(project: Project, runId?: string): Promise<StoredJob[]> {
  let query = project.db.selectFrom('jobs').selectAll().orderBy('createdAt').orderBy('id');
  if (runId !== undefined) query = query.where('runId', '=', runId);
  return (await query.execute()).map(toJob);
}

/** The run's queued or running job, if any. */
export async function activeJob(project: Project, runId: string): Promise<StoredJob | undefined> {
  const query = project.db
    .selectFrom('jobs')
    .selectAll()
    .where('runId', '=', runId)
    .where('state', 'in', activeJobStates);
  const row = await query.executeTakeFirst();
  return row && toJob(row);
}

/** queued -> running, in the hands of this process. A job that was cancelled while queued stays `cancelling`. */
export async function markJobRunning(project: Project, jobId: string): Promise<void> {
  const startedAt = new Date().toISOString();
  await project.db.updateTable('jobs').set({ pid: process.pid, startedAt }).where('id', '=', jobId).execute();
  await project.db
    .updateTable('jobs')
    .set({ state: 'running' })
    .where('id', '=', jobId)
    .where('state', '=', 'queued')
    .execute();
}

/** Asks the job's process to stop at the next batch. Nothing happens to a job that has ended. */
export async function requestCancel(project: Project, jobId: string): Promise<void> {
  await project.db
    .updateTable('jobs')
    .set({ state: 'cancelling' })
    .where('id', '=', jobId)
    .where('state', 'in', ['queued', 'running'])
    .execute();
}

export type JobEnd = 'succeeded' | 'failed' | 'cancelled' | 'interrupted';

/** Ends an active job; one that has ended already keeps its state. */
export async function finishJob(project: Project, jobId: string, state: JobEnd, error?: Job['error']): Promise<void> {
  await project.db
    .updateTable('jobs')
    .set({
      state,
      finishedAt: new Date().toISOString(),
      errorCode: error?.code ?? null,
      errorMessage: error?.message ?? null,
    })
    .where('id', '=', jobId)
    .where('state', 'in', activeJobStates)
    .execute();
}

/** Marks active jobs whose process is gone as interrupted. */
export async function interruptStaleJobs(project: Project): Promise<void> {
  const rows = await project.db.selectFrom('jobs').selectAll().where('state', 'in', activeJobStates).execute();
  for (const job of rows.map(toJob)) {
    // Between queueing and taking the run's lock only the starter answers for a job.
    const waiting = job.startedAt === null && isAlive(job.starterPid);
    if (!waiting && !isRunLocked(project, job.runId)) await finishJob(project, job.id, 'interrupted');
  }
}

/** Whether a process of this id exists on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function toJob(row: JobTable): StoredJob {
  const { errorCode, errorMessage, pid, starterPid, ...rest } = row;
  const error = errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' };
  return { ...jobSchema.parse({ ...rest, error }), pid, starterPid };
}

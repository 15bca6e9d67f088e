import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../contract/job.ts';
import { activeJob, finishJob, interruptStaleJobs, isAlive, jobById, queueJob, requestCancel } from '../store/jobs.ts';
import { type Project, runDir } from '../store/project-folder.ts';
import { runLogPath } from './run-log.ts';

export interface StartJobOptions {
  /** The host's entry file, where it is not the source file beside this one (a bundled application). */
  hostEntry?: string;
  /** A module to run in place of the pipeline. */
  pipelineModule?: string;
}

/** A job whose process was started here. */
export interface RunningJob {
  job: Job;
  /** Asks it to stop at the next batch; `finished` tells when it has. */
  cancel(): Promise<void>;
  /** Ends its process at once. */
  kill(): void;
  /** The job as it ended. Does not reject when the job fails or its process crashes. */
  finished: Promise<Job>;
}

/**
 * Node's flags for a process that computes: its large arrays lie outside the JavaScript heap, and what is inside is
 * short-lived, so that a small young generation keeps memory level without costing time.
 */
export const engineFlags = ['--max-semi-space-size=2'];

/**
 * glibc's settings for that process: large blocks go back to the system when they are freed. By itself glibc learns to
 * keep them, and fragments: memory then grows with the number of batches.
 */
export const engineEnvironment = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '262144',
  MALLOC_TRIM_THRESHOLD_: '1000000',
};

const orphanTimeoutMs = 15_000;

/**
 * Starts a process that carries out the run. ALREADY_EXISTS when a living process is at it. A process left behind by a
 * starter that was killed is given time to notice and stop.
 */
export async function startJob(project: Project, runId: string, options: StartJobOptions = {}): Promise<RunningJob> {
  await outlastOrphan(project, runId);
  const job = await queueJob(project, runId);
  let child: ChildProcess;
  try {
    child = forkHost(project, runId, job.id, options);
  } catch (error) {
    await finishJob(project, job.id, 'failed', { code: 'JOB_FAILED', message: `the engine did not start: ${error}` });
    throw error;
  }
  const finished = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`did not start: ${error.message}`));
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with exit code ${code}`));
  }).then(async (how) => {
    const message = `the engine process ${how}; what it had finished is kept, run it again to go on from there`;
    await finishJob(project, job.id, 'failed', { code: 'JOB_FAILED', message });
    return jobById(project, job.id);
  });
  return {
    job,
    cancel: () => requestCancel(project, job.id),
    kill: () => child.kill('SIGKILL'),
    finished,
  };
}

/** Native code writes to the standard streams as it likes; that goes into the run's log too. */
function forkHost(project: Project, runId: string, jobId: string, options: StartJobOptions): ChildProcess {
  const entry = options.hostEntry ?? join(import.meta.dirname, 'host.ts');
  const args = [project.dir, runId, jobId, ...(options.pipelineModule ? [options.pipelineModule] : [])];
  mkdirSync(runDir(project, runId), { recursive: true });
  const log = openSync(runLogPath(project, runId), 'a');
  try {
    const execArgv = [...process.execArgv, ...engineFlags];
    const env = { ...process.env, ...engineEnvironment };
    return fork(entry, args, { execArgv, env, stdio: ['ignore', log, log, 'ipc'] });
  } finally {
    closeSync(log);
  }
}

async function outlastOrphan(project: Project, runId: string): Promise<void> {
  const deadline = performance.now() + orphanTimeoutMs;
  for (;;) {
    await interruptStaleJobs(project);
    const job = await activeJob(project, runId);
    if (job === undefined || isAlive(job.starterPid) || performance.now() > deadline) return;
    await sleep(100);
  }
}

import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../contract/job.ts';
import { activeJob, finishJob, interruptStaleJobs, isAlive, jobById, queueJob, requestCancel } from '../store/jobs.ts';
import { type Project, runDir } from '../store/project-folder.ts';
import { type Launched, launch } from './launch.ts';
import { runLogPath } from './run-log.ts';

export interface StartJobOptions {
  /** Another host than `host.ts`. */
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

const orphanTimeoutMs = 15_000;

/**
 * Starts a process that carries out the run. ALREADY_EXISTS when a living process is at it. A process left behind by a
 * starter that was killed is given time to notice and stop.
 */
export async function startJob(project: Project, runId: string, options: StartJobOptions = {}): Promise<RunningJob> {
  return startQueued(project, await queueToStart(project, runId), options);
}

/** The first half of `startJob`: the job is queued, for `startQueued` to be called in its turn. */
export async function queueToStart(project: Project, runId: string): Promise<Job> {
  await outlastOrphan(project, runId);
  return queueJob(project, runId);
}

/** Starts the process of a job that this process has queued. */
export async function startQueued(project: Project, job: Job, options: StartJobOptions = {}): Promise<RunningJob> {
  let child: Launched;
  try {
    child = launchHost(project, job.runId, job.id, options);
  } catch (error) {
    await finishJob(project, job.id, 'failed', { code: 'JOB_FAILED', message: `the engine did not start: ${error}` });
    throw error;
  }
  const finished = child.ended.then(async (how) => {
    const message = `the engine process ${how}; what it had finished is kept, run it again to go on from there`;
    await finishJob(project, job.id, 'failed', { code: 'JOB_FAILED', message });
    return jobById(project, job.id);
  });
  return {
    job,
    cancel: () => requestCancel(project, job.id),
    kill: () => child.kill(),
    finished,
  };
}

/** Native code writes to the standard streams as it likes; that goes into the run's log too. */
function launchHost(project: Project, runId: string, jobId: string, options: StartJobOptions): Launched {
  const args = [project.dir, runId, jobId, ...(options.pipelineModule ? [options.pipelineModule] : [])];
  mkdirSync(runDir(project, runId), { recursive: true });
  return launch(options.hostEntry ?? 'host', { args, output: { file: runLogPath(project, runId) } });
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

import type { Logger } from 'pino';
import { isStrataError, StrataError } from '../contract/errors.ts';
import type { StageContext } from '../pipeline/index.ts';
import { appendEvent } from '../store/events.ts';
import { finishJob, jobById, markJobRunning } from '../store/jobs.ts';
import type { Project } from '../store/project-folder.ts';
import { acquireRunLock } from '../store/run-lock.ts';
import { runById } from '../store/runs.ts';

/** What the host runs; the pipeline, or a test's stand-in for it. */
export interface PipelineModule {
  runPipeline(context: StageContext): Promise<void>;
}

const cancelPollMs = 200;
const lockTimeoutMs = 5000;

/**
 * Carries out a queued job in this process: takes the run's lock, runs the pipeline its events going to the store,
 * and records how it ended. Never rejects because of the pipeline.
 */
export async function runJob(
  project: Project,
  runId: string,
  jobId: string,
  pipeline: PipelineModule,
  log: Logger,
): Promise<void> {
  const lock = acquireRunLock(project, runId, lockTimeoutMs);
  const controller = new AbortController();
  const poll = setInterval(async () => {
    const { state } = await jobById(project, jobId);
    if (state === 'cancelling') controller.abort();
  }, cancelPollMs);
  try {
    if (lock === undefined) throw new StrataError('JOB_FAILED', `another process works on run ${runId}; try again`);
    await markJobRunning(project, jobId);
    const { recipe } = await runById(project, runId);
    log.info({ jobId }, 'job started');
    const emit: StageContext['emit'] = (event) => appendEvent(project, jobId, event);
    await pipeline.runPipeline({ project, runId, recipe, signal: controller.signal, emit });
    await finishJob(project, jobId, 'succeeded');
    log.info({ jobId }, 'job succeeded');
  } catch (error) {
    await recordFailure(error);
  } finally {
    clearInterval(poll);
    lock?.release();
  }

  async function recordFailure(error: unknown): Promise<void> {
    if (controller.signal.aborted && error instanceof Error && error.name === 'AbortError') {
      log.info({ jobId }, 'job cancelled');
      return finishJob(project, jobId, 'cancelled');
    }
    log.error(error, 'job failed');
    const reason = error instanceof Error ? error.message : String(error);
    const known = isStrataError(error);
    await finishJob(project, jobId, 'failed', {
      code: known ? error.code : 'JOB_FAILED',
      message: known ? reason : `the engine failed: ${reason}; details are in runs/${runId}/log`,
    });
  }
}

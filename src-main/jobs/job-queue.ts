import type { Job } from '../contract/job.ts';
import { finishJob, requestCancel } from '../store/jobs.ts';
import type { Project } from '../store/project-folder.ts';
import { queueToStart, type StartJobOptions, startQueued } from './start-job.ts';

/**
 * Jobs of one project, carried out one after the other: two that train at once would only halve each other's speed.
 * What still waits when this process ends is found interrupted, and can be started again.
 */
export class JobQueue {
  readonly #project: Project;
  readonly #options: StartJobOptions;
  readonly #waiting = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(project: Project, options: StartJobOptions = {}) {
    this.#project = project;
    this.#options = options;
  }

  /** The job, queued behind those added before. ALREADY_EXISTS when another one is at the run. */
  async add(runId: string): Promise<Job> {
    const job = await queueToStart(this.#project, runId);
    this.#waiting.add(job.id);
    // A job that does not start says so itself, in the project; the others have their turn.
    this.#last = this.#last.then(() => this.#carryOut(job)).catch(() => undefined);
    return job;
  }

  /** A job that waits is cancelled at once, another one asked to stop at the next batch. */
  async cancel(jobId: string): Promise<void> {
    await requestCancel(this.#project, jobId);
    if (this.#waiting.delete(jobId)) await finishJob(this.#project, jobId, 'cancelled');
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    for (let last: unknown; last !== this.#last; ) {
      last = this.#last;
      await last;
    }
  }

  async #carryOut(job: Job): Promise<void> {
    if (!this.#waiting.delete(job.id)) return;
    const running = await startQueued(this.#project, job, this.#options);
    await running.finished;
  }
}

const queues = new WeakMap<Project, JobQueue>();

/** The queue of an open project in this process. */
export function jobQueue(project: Project): JobQueue {
  const queue = queues.get(project) ?? new JobQueue(project);
  queues.set(project, queue);
  return queue;
}

import { errorCodes, StrataError } from '../../contract/errors.ts';
import type { Job } from '../../contract/job.ts';
import type { Recipe } from '../../contract/recipe.ts';
import type { Results } from '../../contract/results.ts';
import { startJob } from '../../jobs/start-job.ts';
import { watchJob } from '../../jobs/watch-job.ts';
import { listJobs } from '../../store/jobs.ts';
import type { Project } from '../../store/project-folder.ts';
import { resultsDocument } from '../../store/results.ts';
import { runOf, type StoredRun } from '../../store/runs.ts';
import type { Interrupt } from './interrupt.ts';
import type { ProgressView } from './progress-view.ts';

/** Thrown when the person stopped the command. */
export class Stopped extends Error {}

/** Carries out a recipe in a project: `carryOutRun` of its run. */
export async function carryOut(
  project: Project,
  recipe: Recipe,
  view: ProgressView,
  interrupt: Interrupt,
  again: string,
): Promise<Results> {
  return carryOutRun(project, await runOf(project, recipe), view, interrupt, again);
}

/**
 * Carries out a run, showing its progress, and gives the results. A run that is done is not done again; one that was
 * stopped goes on. `again` is the command to tell someone who stops it.
 */
export async function carryOutRun(
  project: Project,
  run: StoredRun,
  view: ProgressView,
  interrupt: Interrupt,
  again: string,
): Promise<Results> {
  const jobs = await listJobs(project, run.id);
  if (jobs.some(({ state }) => state === 'succeeded')) {
    const message = `Run ${run.id} is done already, nothing to do. A changed recipe makes a new run.`;
    view.show({ type: 'notice', level: 'info', message });
    return resultsDocument(project, run.id);
  }
  const last = jobs.at(-1);
  if (last !== undefined) {
    view.show({ type: 'notice', level: 'info', message: `Going on with run ${run.id}, last ${last.state}.` });
  }
  interrupt.signal.throwIfAborted();
  const running = await startJob(project, run.id);
  const cancel = () => void running.cancel();
  interrupt.signal.addEventListener('abort', cancel, { once: true });
  interrupt.onSecond(running.kill);
  for await (const { event } of watchJob(project, running.job.id)) view.show(event);
  view.close();
  const job = await running.finished;
  interrupt.signal.removeEventListener('abort', cancel);
  if (job.state === 'cancelled') throw new Stopped(`Stopped. What was done is kept; go on with: ${again}`);
  if (job.state !== 'succeeded') throw failureOf(job);
  return resultsDocument(project, run.id);
}

function failureOf({ state, error }: Job): StrataError {
  const code = errorCodes.find((known) => known === error?.code) ?? 'JOB_FAILED';
  return new StrataError(code, error?.message ?? `the job ended ${state}; run it again to go on`);
}

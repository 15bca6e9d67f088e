import { isStrataError } from '../../contract/errors.ts';
import { sparsifierChoice } from '../../contract/recipe.ts';
import type { Results } from '../../contract/results.ts';
import type { ProjectSummary, RunSummary } from '../../contract/rpc.ts';
import { listJobs } from '../../store/jobs.ts';
import type { Project } from '../../store/project-folder.ts';
import { resultsDocument } from '../../store/results.ts';
import { listRuns, type StoredRun } from '../../store/runs.ts';

/** The project's runs, newest first, with the reconstruction section of those that have results. */
export async function projectSummary(project: Project): Promise<ProjectSummary> {
  const runs = await listRuns(project);
  return { dir: project.dir, runs: await Promise.all(runs.reverse().map((run) => runSummary(project, run))) };
}

async function runSummary(project: Project, run: StoredRun): Promise<RunSummary> {
  const job = (await listJobs(project, run.id)).at(-1);
  const results = await resultsIfAny(project, run.id);
  return {
    id: run.id,
    name: run.name,
    createdAt: run.createdAt,
    sparsifier: sparsifierChoice(run.recipe.train).kind,
    state: job?.state ?? 'new',
    error: job?.error?.message ?? null,
    reconstruction: results?.reconstruction ?? null,
  };
}

async function resultsIfAny(project: Project, runId: string): Promise<Results | undefined> {
  try {
    return await resultsDocument(project, runId);
  } catch (error) {
    if (isStrataError(error) && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

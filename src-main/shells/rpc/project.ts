import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { StrataError } from '../../contract/errors.ts';
import { sparsifierChoice } from '../../contract/recipe.ts';
import { type Results, resultSections } from '../../contract/results.ts';
import type { ProjectSummary, RunSummary } from '../../contract/rpc/project.ts';
import { readClipFolder } from '../../data/clip-folder.ts';
import { estimate, preflightRun } from '../../pipeline/preflight.ts';
import { addSampleModel, sample } from '../../pipeline/sample.ts';
import { resolveSource } from '../../pipeline/source.ts';
import { listDatasets } from '../../store/datasets.ts';
import { listJobs } from '../../store/jobs.ts';
import { listModels, modelNamed } from '../../store/models.ts';
import type { Project } from '../../store/project-folder.ts';
import { readResult } from '../../store/results.ts';
import { listRuns, type StoredRun } from '../../store/runs.ts';
import { activitiesOf, startImport } from './activities.ts';
import { answer, openedProject } from './answer.ts';

export const projectRouter = {
  summary: answer.project.summary.handler(async ({ context }) => {
    const project = await context.workbench.project();
    return project ? projectSummary(project) : null;
  }),
  open: answer.project.open.handler(async ({ context, input }) =>
    projectSummary(await context.workbench.open(input.dir)),
  ),
  create: answer.project.create.handler(async ({ context, input }) => {
    const project = await context.workbench.create(input.dir);
    if (input.sample) {
      await addSampleModel(project);
      startImport(context.workbench, project, sample.images(), { name: sample.dataset });
    }
    return projectSummary(project);
  }),
  places: answer.project.places.handler(() => ({ sample: freeFolder('sample'), project: freeFolder('project') })),
  changes: answer.project.changes.handler(async function* ({ context, signal }) {
    yield* context.workbench.changes(signal);
  }),
  activities: answer.project.activities.handler(async function* ({ context, signal }) {
    const openDir = async () => (await context.workbench.project())?.dir;
    yield* activitiesOf(context.workbench).changes(openDir, signal);
  }),
  endActivity: answer.project.endActivity.handler(({ context, input }) =>
    activitiesOf(context.workbench).end(input.id),
  ),
  preflight: answer.project.preflight.handler(async ({ context, input }) =>
    preflightRun(await openedProject(context), input.recipe),
  ),
  probe: answer.project.probe.handler(async ({ context, input, signal }) => {
    const project = await openedProject(context);
    const { recipe } = input;
    const needs = await preflightRun(project, recipe);
    // What cannot be trained cannot be tried: it would take the engine down.
    if (needs.problems.length > 0) throw new StrataError('RECIPE_INVALID', needs.problems.join(' '));
    const { vision } = await readClipFolder(resolveSource((await modelNamed(project, recipe.model)).source));
    const speeds = await context.workbench.engine(project).ask('probeRun', { recipe }, signal);
    return estimate(needs, recipe, speeds, vision);
  }),
};

/** In the person's own folder, with a number where the name is taken. */
function freeFolder(name: string): string {
  const place = (number: number) => join(homedir(), 'strata', number === 1 ? name : `${name}-${number}`);
  let number = 1;
  while (existsSync(place(number))) number += 1;
  return place(number);
}

async function projectSummary(project: Project): Promise<ProjectSummary> {
  const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name);
  const runs = await listRuns(project);
  return {
    dir: project.dir,
    name: basename(project.dir),
    models: names(await listModels(project)),
    datasets: names(await listDatasets(project)),
    runs: await Promise.all(runs.reverse().map((run) => runSummary(project, run))),
  };
}

async function runSummary(project: Project, run: StoredRun): Promise<RunSummary> {
  const job = (await listJobs(project, run.id)).at(-1);
  return {
    id: run.id,
    name: run.name,
    createdAt: run.createdAt,
    model: run.model,
    dataset: run.dataset,
    sparsifier: sparsifierChoice(run.recipe.train).kind,
    seed: run.recipe.seed,
    state: job?.state ?? 'new',
    jobId: job?.id ?? null,
    error: job?.error?.message ?? null,
    measured: await means(project, run.id),
  };
}

async function means(project: Project, runId: string): Promise<RunSummary['measured']> {
  const reconstruction = await readResult(project, runId, 'evaluate', 'reconstruction');
  const zeroShot = await readResult(project, runId, 'evaluate', 'zeroShot');
  if (reconstruction === undefined || zeroShot === undefined) return null;
  const { all }: Results['reconstruction'] = resultSections.reconstruction.parse(reconstruction);
  const mean = (key: 'cosine' | 'r2' | 'l0') => all.reduce((sum, row) => sum + row[key], 0) / all.length;
  const { top1 } = resultSections.zeroShot.parse(zeroShot);
  return { cosine: mean('cosine'), r2: mean('r2'), l0: mean('l0'), top1 };
}

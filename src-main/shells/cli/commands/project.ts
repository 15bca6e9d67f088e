import { listDatasets } from '../../../store/datasets.ts';
import { countImages, skippedImages } from '../../../store/images.ts';
import { listJobs } from '../../../store/jobs.ts';
import { listModels } from '../../../store/models.ts';
import { createProject, openProject } from '../../../store/project.ts';
import { measuredRuns } from '../../../store/results.ts';
import { listRuns } from '../../../store/runs.ts';
import { table } from '../format.ts';
import { answer, type OutputOptions } from '../output.ts';

/** Makes a project. */
export async function newProject(dir: string, options: OutputOptions): Promise<void> {
  const project = await createProject(dir);
  await project.close();
  const next = `Add a model and images with: strata model add PATH --project ${dir}; strata data add PATH --project ${dir}`;
  answer(options, { project: project.dir }, `Made the project ${project.dir}.\n${next}`);
}

/** Shows what a project holds. */
export async function list({ project: dir, json }: OutputOptions & { project: string }): Promise<void> {
  const project = await openProject(dir);
  try {
    const [models, stored, runs, jobs] = [
      await listModels(project),
      await listDatasets(project),
      await listRuns(project),
      await listJobs(project),
    ];
    const datasets = await Promise.all(
      stored.map(async ({ classes, promptTemplates: _, ...dataset }) => ({
        ...dataset,
        classes: classes.length,
        images: await countImages(project, dataset.name),
        skipped: await skippedImages(project, dataset.name),
      })),
    );
    const measured = await measuredRuns(project);
    const sections = [
      section('models', ['name', 'layers', 'width', 'source'], models, ({ name, info, source }) => [
        name,
        String(info.layers),
        String(info.width),
        source,
      ]),
      section('data sets', ['name', 'classes', 'images', 'skipped', 'source'], datasets, (dataset) => [
        dataset.name,
        String(dataset.classes),
        Object.entries(dataset.images)
          .map(([split, images]) => `${split} ${images}`)
          .join(', '),
        String(dataset.skipped.length),
        dataset.source,
      ]),
      section('runs', ['run', 'model', 'data set', 'state'], runs, (run) => [
        run.id,
        run.model,
        run.dataset,
        jobs.findLast(({ runId }) => runId === run.id)?.state ?? (measured.has(run.id) ? 'imported' : 'not started'),
      ]),
      section('jobs', ['job', 'state', 'started', 'finished', 'error'], jobs, (job) => [
        job.id,
        job.state,
        job.startedAt ?? '',
        job.finishedAt ?? '',
        job.error?.message ?? '',
      ]),
    ];
    answer({ json }, { project: project.dir, models, datasets, runs, jobs }, sections.join('\n\n'));
  } finally {
    await project.close();
  }
}

function section<T>(title: string, heading: string[], items: readonly T[], cells: (item: T) => string[]): string {
  return items.length === 0 ? `no ${title}` : `${title}\n${table([heading, ...items.map(cells)])}`;
}

import { StrataError } from '../../contract/errors.ts';
import { Activities } from '../../jobs/activities.ts';
import { type ImportedImages, type ImportImagesOptions, importImages } from '../../pipeline/import-dataset.ts';
import { openProject } from '../../store/project.ts';
import type { Project } from '../../store/project-folder.ts';
import type { Workbench } from './workbench.ts';

const byWorkbench = new WeakMap<Workbench, Activities>();

/** What a workbench does beside jobs. */
export function activitiesOf(workbench: Workbench): Activities {
  const activities = byWorkbench.get(workbench) ?? new Activities();
  byWorkbench.set(workbench, activities);
  return activities;
}

/**
 * Begins to add a data set, under a name that is free. By a connection of its own: the import goes on when the windows
 * turn to another project.
 */
export function startImport(
  workbench: Workbench,
  { dir }: Project,
  path: string,
  { name, format }: Pick<ImportImagesOptions, 'format'> & { name: string },
): string {
  const activities = activitiesOf(workbench);
  const running = activities.list(dir).filter(({ kind, state }) => kind === 'import' && state === 'running');
  if (running.some(({ dataset }) => dataset === name)) {
    throw new StrataError('ALREADY_EXISTS', `a data set ${name} is being added already; give this one another name`);
  }
  return activities.start(
    dir,
    { kind: 'import', subject: path, dataset: name, model: null },
    async (report, signal) => {
      const project = await openProject(dir);
      try {
        return importedText(await importImages(project, path, { name, format, signal, onProgress: report }));
      } finally {
        await project.close();
      }
    },
  );
}

/** Train, test, then the others by name. */
export function splitsInOrder(splits: Readonly<Record<string, number>>): { name: string; images: number }[] {
  const rank = (name: string) => ['train', 'test'].indexOf(name) + 1 || 3;
  return Object.entries(splits)
    .map(([name, images]) => ({ name, images }))
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}

function importedText({ dataset, bySplit, skipped, ignored }: ImportedImages): string {
  const count = (value: number) => value.toLocaleString('en');
  const splits = splitsInOrder(bySplit).map(({ name, images }) => `${count(images)} ${name}`);
  const parts = [`${splits.join(', ')} images in ${count(dataset.classes.length)} classes`];
  if (skipped.length > 0) parts.push(`skipped as unreadable: ${count(skipped.length)}`);
  if (ignored > 0) parts.push(`left out as no images of a class: ${count(ignored)}`);
  return `${parts.join('; ')}.`;
}

import { z } from 'zod';
import { StrataError } from '../contract/errors.ts';
import type { Project } from './project-folder.ts';
import type { DatasetTable } from './tables.ts';

const labelsSchema = z.object({
  classes: z.array(z.object({ name: z.string(), prompts: z.array(z.string()) })),
  promptTemplates: z.array(z.string()),
});

export interface StoredDataset {
  name: string;
  /** Of the paths and contents of all images, in order, and of the labels. */
  sha256: string;
  /** An absolute path, or `embedded:` and a path inside the application. */
  source: string;
  format: string;
  /** An image's classIndex points into this list. */
  classes: { name: string; prompts: string[] }[];
  promptTemplates: string[];
  createdAt: string;
}

/**
 * Begins an import; its images come with addImages and it shows up once completeDataset was called. What an
 * interrupted import of the same name left is removed. ALREADY_EXISTS when a complete data set has the name.
 */
export async function beginDataset(
  project: Project,
  dataset: Omit<StoredDataset, 'createdAt' | 'sha256'>,
): Promise<void> {
  const { classes, promptTemplates, ...rest } = dataset;
  await project.db.deleteFrom('datasets').where('name', '=', dataset.name).where('completedAt', 'is', null).execute();
  const { numInsertedOrUpdatedRows } = await project.db
    .insertInto('datasets')
    .values({
      ...rest,
      sha256: '',
      labels: JSON.stringify({ classes, promptTemplates }),
      createdAt: new Date().toISOString(),
      completedAt: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) {
    throw new StrataError('ALREADY_EXISTS', `${project.dir} has a data set ${dataset.name} already; give another name`);
  }
}

/** Ends an import: from here on the data set can be used and does not change. */
export async function completeDataset(project: Project, name: string, sha256: string): Promise<void> {
  await project.db
    .updateTable('datasets')
    .set({ sha256, completedAt: new Date().toISOString() })
    .where('name', '=', name)
    .execute();
}

/** Complete data sets, by name. */
export async function listDatasets(project: Project): Promise<StoredDataset[]> {
  const query = project.db.selectFrom('datasets').selectAll().where('completedAt', 'is not', null).orderBy('name');
  return (await query.execute()).map(toDataset);
}

export async function findDataset(project: Project, name: string): Promise<StoredDataset | undefined> {
  const query = project.db.selectFrom('datasets').selectAll().where('completedAt', 'is not', null);
  const row = await query.where('name', '=', name).executeTakeFirst();
  return row && toDataset(row);
}

/** NOT_FOUND, listing what there is, when the project has no such data set. */
export async function datasetNamed(project: Project, name: string): Promise<StoredDataset> {
  const dataset = await findDataset(project, name);
  if (dataset !== undefined) return dataset;
  const known = (await listDatasets(project)).map((other) => other.name).join(', ') || 'none yet';
  throw new StrataError(
    'NOT_FOUND',
    `${project.dir} has no data set ${name} (it has: ${known}); add it with: strata data add`,
  );
}

function toDataset(row: DatasetTable): StoredDataset {
  const { labels, completedAt: _, ...rest } = row;
  return { ...rest, ...labelsSchema.parse(JSON.parse(labels)) };
}

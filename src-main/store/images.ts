import type { Project } from './project-folder.ts';
import type { ImageTable } from './tables.ts';

/** An image of a data set; `index` counts from 0 over all its splits, in the data set's own order. */
export type StoredImage = Omit<ImageTable, 'dataset'>;

export interface SkippedImage {
  path: string;
  reason: string;
}

/** Rows that go into one statement; SQLite allows 32,766 bound values. */
const rowsPerStatement = 1000;

/** Adds images to a data set whose import has begun. */
export async function addImages(project: Project, dataset: string, images: readonly StoredImage[]): Promise<void> {
  for (let start = 0; start < images.length; start += rowsPerStatement) {
    const rows = images.slice(start, start + rowsPerStatement).map((image) => ({ ...image, dataset }));
    await project.db.insertInto('images').values(rows).execute();
  }
}

/** Records images that could not be read. */
export async function addSkipped(project: Project, dataset: string, skipped: readonly SkippedImage[]): Promise<void> {
  for (let start = 0; start < skipped.length; start += rowsPerStatement) {
    const rows = skipped.slice(start, start + rowsPerStatement).map((image) => ({ ...image, dataset }));
    await project.db
      .insertInto('skippedImages')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

export interface ImageSelection {
  split?: string;
  /** Images to pass over, and images to give at most. */
  offset?: number;
  limit?: number;
}

/** The data set's images in order of their index, fetched page by page: memory does not grow with their number. */
export async function* imagesOf(
  project: Project,
  dataset: string,
  { split, offset = 0, limit = Number.POSITIVE_INFINITY }: ImageSelection = {},
): AsyncGenerator<StoredImage> {
  let left = limit;
  let skip = offset;
  let after = -1;
  while (left > 0) {
    const pageSize = Math.min(left, rowsPerStatement);
    let query = project.db.selectFrom('images').selectAll().where('dataset', '=', dataset).where('index', '>', after);
    if (split !== undefined) query = query.where('split', '=', split);
    const page = await query.orderBy('index').limit(pageSize).offset(skip).execute();
    for (const { dataset: _, ...image } of page) yield image;
    if (page.length < pageSize) return;
    after = page[page.length - 1].index;
    left -= page.length;
    skip = 0;
  }
}

/** Number of images in each split. */
export async function countImages(project: Project, dataset: string): Promise<Record<string, number>> {
  const rows = await project.db
    .selectFrom('images')
    .where('dataset', '=', dataset)
    .groupBy('split')
    .orderBy('split')
    .select(({ fn }) => ['split', fn.countAll<number>().as('images')])
    .execute();
  return Object.fromEntries(rows.map(({ split, images }) => [split, images]));
}

/** Images that could not be read, by path. */
export async function skippedImages(project: Project, dataset: string): Promise<SkippedImage[]> {
  const query = project.db.selectFrom('skippedImages').select(['path', 'reason']).where('dataset', '=', dataset);
  return query.orderBy('path').execute();
}

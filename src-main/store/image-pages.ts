import { sql } from 'kysely';
import type { StoredImage } from './images.ts';
import type { Project } from './project-folder.ts';

/** Which images of a data set are looked at; all that are left out pass. */
export interface ImageFilter {
  split?: string;
  classIndex?: number;
  /** Part of the path, in capitals or not. */
  text?: string;
}

/** Number of images of each class in each split; those with none are left out. */
export function countByClass(
  project: Project,
  dataset: string,
): Promise<{ split: string; classIndex: number; images: number }[]> {
  return project.db
    .selectFrom('images')
    .where('dataset', '=', dataset)
    .groupBy(['split', 'classIndex'])
    .select(({ fn }) => ['split', 'classIndex', fn.countAll<number>().as('images')])
    .execute();
}

/** The images that pass a filter, by index: how many there are, and `limit` of them from place `offset` on. */
export async function imagePage(
  project: Project,
  dataset: string,
  filter: ImageFilter,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ total: number; images: StoredImage[] }> {
  const rows = await filtered(project, dataset, filter)
    .selectAll()
    .orderBy('index')
    .limit(limit)
    .offset(offset)
    .execute();
  return {
    total: await countFiltered(project, dataset, filter),
    images: rows.map(({ dataset: _, ...image }) => image),
  };
}

/** The place of an image among those that pass a filter, from 0; null when it does not pass. */
export async function placeOf(
  project: Project,
  dataset: string,
  filter: ImageFilter,
  index: number,
): Promise<number | null> {
  const own = await filtered(project, dataset, filter).where('index', '=', index).select('index').executeTakeFirst();
  return own === undefined ? null : countFiltered(project, dataset, filter, index);
}

/** Images that pass, or those of them before an index. */
async function countFiltered(project: Project, dataset: string, filter: ImageFilter, before?: number): Promise<number> {
  let query = filtered(project, dataset, filter);
  if (before !== undefined) query = query.where('index', '<', before);
  const { count } = await query.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  return count;
}

function filtered(project: Project, dataset: string, { split, classIndex, text }: ImageFilter) {
  let query = project.db.selectFrom('images').where('dataset', '=', dataset);
  if (split !== undefined) query = query.where('split', '=', split);
  if (classIndex !== undefined) query = query.where('classIndex', '=', classIndex);
  if (text) query = query.where(sql<boolean>`path like ${pattern(text)} escape '!'`);
  return query;
}

/** What is typed is looked for as it is: % and _ stand for themselves. */
function pattern(text: string): string {
  return `%${text.replaceAll(/[!%_]/g, (sign) => `!${sign}`)}%`;
}

import type { StoredImage } from './images.ts';
import type { Project } from './project-folder.ts';

/** The image of a data set with this index, or with this path in the data set; undefined when there is none. */
export async function findImage(
  project: Project,
  dataset: string,
  image: number | string,
): Promise<StoredImage | undefined> {
  const row = await project.db
    .selectFrom('images')
    .selectAll()
    .where('dataset', '=', dataset)
    .where(typeof image === 'number' ? 'index' : 'path', '=', image)
    .orderBy('index')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { dataset: _, ...found } = row;
  return found;
}

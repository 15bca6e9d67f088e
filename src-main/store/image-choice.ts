import { Permutation } from '../core/permutation.ts';
import type { StoredImage } from './images.ts';
import type { Project } from './project-folder.ts';

/**
 * Indices of a split's images in ascending order, or of `maxImages` of them chosen by the seed. Four bytes an image:
 * this is the only list of a data set that is held in memory.
 */
export async function chosenImages(
  project: Project,
  dataset: string,
  split: string,
  choice?: { maxImages: number; seed: number },
): Promise<Int32Array> {
  const rows = project.sqlite
    .prepare<unknown[], number>('select "index" from images where dataset = ? and split = ? order by "index"')
    .pluck();
  const all = Int32Array.from(rows.iterate(dataset, split));
  if (!choice || choice.maxImages >= all.length) return all;
  const shuffle = new Permutation(all.length, choice.seed, `images/${split}`);
  return Int32Array.from({ length: choice.maxImages }, (_, at) => all[shuffle.at(at)]).sort();
}

/** The images with these indices, in this order. */
export async function imagesAt(project: Project, dataset: string, indices: readonly number[]): Promise<StoredImage[]> {
  const rows = await project.db
    .selectFrom('images')
    .selectAll()
    .where('dataset', '=', dataset)
    .where('index', 'in', indices)
    .execute();
  const byIndex = new Map(rows.map(({ dataset: _, ...image }) => [image.index, image]));
  return indices.map((index) => {
    const image = byIndex.get(index);
    if (!image) throw new Error(`data set ${dataset} has no image ${index}`);
    return image;
  });
}

import type { Project } from './project-folder.ts';

/** Where an image's bytes lie: in which data set, as the project stores it, and where in there. */
export interface ImagePlace {
  source: string;
  format: string;
  path: string;
  offset: number | null;
  size: number;
  /** Of the image's file. */
  sha256: string;
  datasetSha256: string;
}

/** The place of an image of a complete data set; undefined when there is none. One query: galleries ask for many. */
export async function imagePlace(project: Project, dataset: string, index: number): Promise<ImagePlace | undefined> {
  return project.db
    .selectFrom('images')
    .innerJoin('datasets', 'datasets.name', 'images.dataset')
    .where('datasets.name', '=', dataset)
    .where('datasets.completedAt', 'is not', null)
    .where('images.index', '=', index)
    .select(['datasets.source', 'datasets.format', 'datasets.sha256 as datasetSha256'])
    .select(['images.path', 'images.offset', 'images.size', 'images.sha256'])
    .executeTakeFirst();
}

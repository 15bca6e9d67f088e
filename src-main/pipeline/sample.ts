import { findDataset } from '../store/datasets.ts';
import type { Project } from '../store/project-folder.ts';
import { type ImportedImages, type ImportImagesOptions, importImages } from './import-dataset.ts';
import { importModel } from './import-model.ts';
import { resolveSource } from './source.ts';

/** What the sample's model and data set are called in a project; the recipes that come with Strata name them. */
export const sample = {
  model: 'mini-clip',
  dataset: 'emoji',
  /** The path of the images' archive. */
  images: () => resolveSource('embedded:resources/emoji/emoji-10665.tar'),
};

/** Adds the embedded model to a project that may have it already. */
export async function addSampleModel(project: Project): Promise<void> {
  await importModel(project, resolveSource('embedded:models/mini-clip'), { name: sample.model });
}

/** Adds the embedded model and images to a project that may have them already; undefined when it has the images. */
export async function addSample(
  project: Project,
  options: Pick<ImportImagesOptions, 'signal' | 'onProgress'> = {},
): Promise<ImportedImages | undefined> {
  await addSampleModel(project);
  if (await findDataset(project, sample.dataset)) return undefined;
  return importImages(project, sample.images(), { ...options, name: sample.dataset });
}

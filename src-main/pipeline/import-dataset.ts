import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { StrataError } from '../contract/errors.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { type FormatId, importDataset, openDataset } from '../data/datasets/index.ts';
import { beginDataset, completeDataset, datasetNamed, findDataset, type StoredDataset } from '../store/datasets.ts';
import { addImages, addSkipped, type SkippedImage, type StoredImage } from '../store/images.ts';
import type { Project } from '../store/project-folder.ts';
import { projectName } from './project-name.ts';
import { sourceOf } from './source.ts';

export interface ImportImagesOptions {
  name?: string;
  /** Decided by the path when absent. */
  format?: FormatId;
  signal?: AbortSignal;
  onProgress?(progress: { done: number; total: number }): void;
}

export interface ImportedImages {
  dataset: StoredDataset;
  /** Images of each split. */
  bySplit: Record<string, number>;
  skipped: SkippedImage[];
  /** Files that are no images, or lie in no class's folder. */
  ignored: number;
}

/** Images that wait in memory for one write to the project. */
const rowsAtOnce = 1000;

/**
 * Reads every image of a folder or archive once and adds the data set to the project, which keeps its place and
 * hashes and copies nothing. Corrupt images are skipped and listed. An import that is stopped leaves no data set.
 * ALREADY_EXISTS when the name is taken; errors as openDataset.
 */
export async function importImages(
  project: Project,
  path: string,
  options: ImportImagesOptions = {},
): Promise<ImportedImages> {
  const source = resolve(path);
  const name = projectName(options.name ?? basename(source));
  if (await findDataset(project, name)) {
    throw new StrataError(
      'ALREADY_EXISTS',
      `${project.dir} has a data set ${name} already; give this one another name`,
    );
  }
  const dataset = await openDataset(source, { format: options.format, seed: 0 });
  try {
    const { format, classes, promptTemplates, ignored } = dataset;
    await beginDataset(project, { name, source: sourceOf(source), format, classes, promptTemplates });
    const skipped: SkippedImage[] = [];
    let index = 0;
    let waiting: StoredImage[] = [];
    const flush = async () => {
      await addImages(project, name, waiting);
      waiting = [];
    };
    const result = await importDataset(dataset, {
      signal: options.signal,
      onProgress: options.onProgress,
      async onImage({ offset, ...image }) {
        waiting.push({ ...image, offset: offset ?? null, index: index++ });
        if (waiting.length >= rowsAtOnce) await flush();
      },
      onSkipped: (image) => void skipped.push(image),
    });
    if (result.images === 0) {
      throw new StrataError('DATASET_INVALID', `${source}: none of its ${result.skipped} images can be read`);
    }
    await flush();
    await addSkipped(project, name, skipped);
    await completeDataset(project, name, datasetHash(result.sha256, classes, promptTemplates));
    return { dataset: await datasetNamed(project, name), bySplit: result.bySplit, skipped, ignored };
  } finally {
    await dataset.close();
  }
}

/** Of the images and of their labels: other class names or prompts give other results, so they make another data set. */
function datasetHash(images: string, classes: unknown, promptTemplates: unknown): string {
  return createHash('sha256').update(canonicalJson({ images, classes, promptTemplates })).digest('hex');
}

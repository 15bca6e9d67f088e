import { StrataError } from '../contract/errors.ts';
import { featureCount, sparsifierChoice } from '../contract/recipe.ts';
import type { CltShape } from '../core/clt-shape.ts';
import { type ClipFolder, readClipFolder } from '../data/clip-folder.ts';
import { type FormatId, type ImageReader, openImageReader } from '../data/datasets/index.ts';
import { hashFile } from '../data/hash.ts';
import { datasetNamed, type StoredDataset } from '../store/datasets.ts';
import { modelNamed, type StoredModel } from '../store/models.ts';
import { resolveSource } from './source.ts';
import type { StageContext } from './stage.ts';

/** The model of a run, read and proven to be the one that was imported. */
export async function runModel(context: StageContext): Promise<{ stored: StoredModel; clip: ClipFolder }> {
  const stored = await modelNamed(context.project, context.recipe.model);
  const clip = await readClipFolder(resolveSource(stored.source));
  const sha256 = await hashFile(clip.modelFile, context.signal);
  if (sha256 !== stored.sha256) {
    const advice = 'the weights changed since the model was added; add them under another name';
    throw new StrataError(
      'MODEL_INVALID',
      `${clip.modelFile}: expected sha256 ${stored.sha256}, found ${sha256}; ${advice}`,
    );
  }
  return { stored, clip };
}

/** The data set of a run, opened for reading; the caller closes it. */
export async function runDataset(context: StageContext): Promise<{ stored: StoredDataset; images: ImageReader }> {
  const stored = await datasetNamed(context.project, context.recipe.dataset);
  return { stored, images: await openImageReader(resolveSource(stored.source), stored.format as FormatId) };
}

/** The CLT a recipe asks for, on a model. */
export function runShape(
  context: Pick<StageContext, 'recipe'>,
  clip: { vision: Pick<ClipFolder['vision'], 'layers' | 'width'> },
): CltShape {
  const { train } = context.recipe;
  const { layers, width } = clip.vision;
  return { layers, width, features: featureCount(train, width), sparsifier: sparsifierChoice(train) };
}

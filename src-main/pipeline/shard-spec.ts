import { captureSeed } from '../contract/recipe.ts';
import { tokensPerImage } from '../core/tokens.ts';
import type { ClipFolder } from '../data/clip-folder.ts';
import type { ShardSpec } from '../store/activation-shards.ts';
import { datasetNamed } from '../store/datasets.ts';
import { chosenImages } from '../store/image-choice.ts';
import { modelNamed } from '../store/models.ts';
import type { StageContext } from './stage.ts';

/** The images a recipe trains on, by index. */
export function trainingImages(context: StageContext): Promise<Int32Array> {
  const { dataset, capture } = context.recipe;
  const seed = captureSeed(context.recipe);
  const choice = capture.maxImages === undefined ? undefined : { maxImages: capture.maxImages, seed };
  return chosenImages(context.project, dataset, 'train', choice);
}

/** Everything that decides the bytes of a run's training activations; runs that share it share the shards. */
export async function shardSpec(
  context: StageContext,
  clip: Pick<ClipFolder, 'vision' | 'preprocess'>,
  images: number,
): Promise<ShardSpec> {
  const { capture } = context.recipe;
  const seed = captureSeed(context.recipe);
  const { layers, width, tokens } = clip.vision;
  return {
    model: (await modelNamed(context.project, context.recipe.model)).sha256,
    dataset: (await datasetNamed(context.project, context.recipe.dataset)).sha256,
    split: 'train',
    images,
    ...(capture.maxImages === undefined ? {} : { choice: { seed, maxImages: capture.maxImages } }),
    preprocess: { ...clip.preprocess },
    patchesPerImage: capture.patchesPerImage,
    ...(capture.patchesPerImage === 'all' ? {} : { tokenSeed: seed }),
    tokensPerImage: tokensPerImage(tokens, capture.patchesPerImage),
    layers,
    width,
  };
}

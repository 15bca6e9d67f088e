import { StrataError } from '../contract/errors.ts';
import { EdgeFeatures } from '../engine/edge-features.ts';
import { free } from '../engine/session.ts';
import { VisionTower } from '../engine/vision-tower.ts';
import { chosenImages } from '../store/image-choice.ts';
import { imageBatches } from './image-batches.ts';
import { runDataset, runModel } from './inputs.ts';
import { splitTaps } from './split-taps.ts';
import type { StageContext } from './stage.ts';
import { runClt } from './test-images.ts';

/** What the features of every source add to a target, summed over the tokens of CLS and of the patches apart. */
export interface TargetSums {
  /** By source 0..target, by feature. */
  sources: { cls: FeatureSums; patches: FeatureSums }[];
  /** Test images that were read. */
  images: number;
  /** Tokens in which anything is written to the target. */
  written: { cls: number; patches: number };
  /** Tokens that were read. */
  tokens: { cls: number; patches: number };
}

export interface FeatureSums {
  /** [m] sums of z_f <W_dec^{i->j}_f, y^_j> / |y^_j|^2 */
  shares: Float64Array;
  /** [m] tokens on which the feature was not 0 */
  fired: Float64Array;
}

/** Tokens sent through the CLT at once: bounds the memory of its codes. */
const tokensPerRun = 1024;
const groups = ['cls', 'patches'] as const;

/** A person waits for it: work is bounded by multiply-adds of the CLT, at some ten thousand million a second. */
const bounds = { fewestImages: 16, mostImages: 128, multiplyAdds: 1e11 };

/**
 * Reads 16 to 128 of the test images on which the run was measured (fewer the larger the CLT) and sums what each feature
 * adds to the target (method, section 5, feature by feature). NOT_FOUND when there is no such layer.
 */
export async function targetSums(context: StageContext, target: number): Promise<TargetSums> {
  const { project, recipe, signal } = context;
  const folder = await runClt(context);
  const { layers, width, features } = folder.shape;
  if (target >= layers) {
    throw new StrataError('NOT_FOUND', `there is no layer ${target}: the run has layers 0 to ${layers - 1}`);
  }
  const { clip } = await runModel(context);
  const { stored: dataset, images: reader } = await runDataset(context);
  // Encoding, decoding, and the way back to the features.
  const perImageWork = 3 * clip.vision.tokens * (target + 1) * width * features;
  const affordable = Math.max(bounds.fewestImages, Math.floor(bounds.multiplyAdds / perImageWork));
  const maxImages = Math.min(affordable, bounds.mostImages, recipe.evaluate.maxImages ?? bounds.mostImages);
  const indices = await chosenImages(project, dataset.name, 'test', { maxImages, seed: recipe.seed });
  const tower = await VisionTower.load(clip, 'cpu');
  const edges = await EdgeFeatures.load(folder, target, 'cpu');
  const empty = (): FeatureSums => ({ shares: new Float64Array(features), fired: new Float64Array(features) });
  const sums: TargetSums = {
    sources: Array.from({ length: target + 1 }, () => ({ cls: empty(), patches: empty() })),
    images: indices.length,
    written: { cls: 0, patches: 0 },
    tokens: { cls: 0, patches: 0 },
  };
  const perImage = clip.vision.tokens;
  const allTokens = Array.from({ length: perImage }, (_, token) => token);
  const batchImages = Math.max(1, Math.floor(tokensPerRun / perImage));
  const inputs = { project, name: dataset.name, reader, preprocess: clip.preprocess };
  try {
    for await (const { images, pixels } of imageBatches(inputs, indices, batchImages, signal)) {
      const { taps } = await tower.run(
        pixels,
        images.map(() => allTokens),
      );
      free(pixels);
      const { x, y } = splitTaps(taps, width);
      free(taps);
      free(y);
      const tokens = x.length / (layers * width);
      const isCls = Float32Array.from({ length: 2 * tokens }, (_, at) =>
        Number(((at % tokens) % perImage === 0) === at < tokens),
      );
      const { shares, fired, written } = await edges.run(x, isCls);
      free(x);
      groups.forEach((group, place) => {
        sums.written[group] += written[place];
        sums.tokens[group] += group === 'cls' ? images.length : images.length * (perImage - 1);
        sums.sources.forEach((source, at) => {
          addTo(source[group].shares, shares[at], place * features);
          addTo(source[group].fired, fired[at], place * features);
        });
      });
    }
  } finally {
    await Promise.all([tower.release(), edges.release(), reader.close()]);
  }
  return sums;
}

function addTo(sum: Float64Array, values: Float32Array, from: number): void {
  for (let at = 0; at < sum.length; at++) sum[at] += values[from + at];
}

import { CltEncoder } from '../engine/clt-model.ts';
import { free } from '../engine/session.ts';
import { VisionTower } from '../engine/vision-tower.ts';
import type { StoredImage } from '../store/images.ts';
import { imageBatches } from './image-batches.ts';
import { runDataset, runModel } from './inputs.ts';
import type { Progress } from './progress.ts';
import { splitTaps } from './split-taps.ts';
import type { StageContext } from './stage.ts';
import { runClt } from './test-images.ts';

/** Tokens encoded at once: bounds the memory of their dense codes. */
const tokensPerRun = 1040;

/** Whole images with all their codes. The arrays are valid during the visit only. */
export interface CodeBatch {
  images: StoredImage[];
  /** Tokens of one image, T; token 0 is CLS. */
  tokens: number;
  /** [images, projection], not normalised. */
  embeddings: Float32Array;
  /** Raw LN2 activations [images * T, L*d]. */
  x: Float32Array;
  /** [images * T, L*m] */
  z: Float32Array;
}

/**
 * Sends images of the run's data set, given by index, through the frozen model and the encoders of the run's CLT. Memory
 * does not grow with their number. `progress` counts from `done` on; resolves to the new count.
 */
export async function eachCodeBatch(
  context: StageContext,
  indices: ArrayLike<number>,
  progress: { bar: Progress; done: number },
  visit: (batch: CodeBatch) => Promise<void>,
): Promise<number> {
  const { project, recipe, signal } = context;
  const { clip } = await runModel(context);
  const { stored, images: reader } = await runDataset(context);
  const { tokens, width } = clip.vision;
  const tower = await VisionTower.load(clip, recipe.provider);
  const encoder = await CltEncoder.load(await runClt(context), recipe.provider);
  const inputs = { project, name: stored.name, reader, preprocess: clip.preprocess };
  const allTokens = Array.from({ length: tokens }, (_, token) => token);
  let { done } = progress;
  try {
    for await (const { images, pixels } of imageBatches(
      inputs,
      indices,
      Math.max(1, Math.floor(tokensPerRun / tokens)),
      signal,
    )) {
      const { embeddings, taps } = await tower.run(
        pixels,
        images.map(() => allTokens),
      );
      free(pixels);
      const { x, y } = splitTaps(taps, width);
      free(taps);
      free(y);
      const z = await encoder.run(x);
      await visit({ images, tokens, embeddings, x, z });
      free(x);
      free(z);
      done += images.length;
      progress.bar.report(done);
    }
  } finally {
    await Promise.all([tower.release(), encoder.release(), reader.close()]);
  }
  return done;
}

import { StrataError } from '../contract/errors.ts';
import { captureSeed, type Recipe } from '../contract/recipe.ts';
import { encodeFloat16 } from '../core/float16.ts';
import { sampleTokens } from '../core/tokens.ts';
import type { ClipFolder } from '../data/clip-folder.ts';
import { collectGarbage } from '../engine/garbage.ts';
import { free } from '../engine/session.ts';
import { VisionTower } from '../engine/vision-tower.ts';
import { type ImageInputs, imageBatches } from './image-batches.ts';
import { runDataset, runModel } from './inputs.ts';
import type { StageContext } from './stage.ts';

/** A second or so of work: often enough to keep memory level, too seldom to cost time. */
const batchesPerCollection = 4;

/** Runs images through the vision tower and gives their sampled tokens as activation rows. */
export class ActivationRows {
  readonly clip: ClipFolder;
  readonly #inputs: ImageInputs;
  readonly #tower: VisionTower;
  readonly #recipe: Recipe;
  readonly #close: () => Promise<void>;

  private constructor(
    clip: ClipFolder,
    inputs: ImageInputs,
    tower: VisionTower,
    recipe: Recipe,
    close: () => Promise<void>,
  ) {
    this.clip = clip;
    this.#inputs = inputs;
    this.#tower = tower;
    this.#recipe = recipe;
    this.#close = close;
  }

  static async open(context: StageContext): Promise<ActivationRows> {
    const { clip } = await runModel(context);
    const { stored, images } = await runDataset(context);
    const tower = await VisionTower.load(clip, context.recipe.provider);
    const inputs = { project: context.project, name: stored.name, reader: images, preprocess: clip.preprocess };
    return new ActivationRows(clip, inputs, tower, context.recipe, async () => {
      await tower.release();
      await images.close();
    });
  }

  /** [tokens, L*2*d] in half precision, batch by batch, in the order of `indices`; tokens follow (seed, image, epoch). */
  async *read(
    indices: ArrayLike<number>,
    epoch: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint16Array<ArrayBuffer>> {
    const { tokens } = this.clip.vision;
    const { capture } = this.#recipe;
    const seed = captureSeed(this.#recipe);
    let batches = 0;
    for await (const { images, pixels } of imageBatches(this.#inputs, indices, capture.batchImages, signal)) {
      const chosen = images.map(({ index }) => sampleTokens(tokens, capture.patchesPerImage, seed, index, epoch));
      const { taps } = await this.#tower.run(pixels, chosen);
      free(pixels);
      const rows = new Uint16Array(taps.length);
      const overflows = encodeFloat16(taps, rows);
      free(taps);
      if (overflows > 0) {
        const paths = `${images[0].path} to ${images[images.length - 1].path}`;
        const reason = 'an activation is not a number or beyond 65504, the largest half-precision value';
        throw new StrataError('MODEL_INVALID', `${this.clip.modelFile}: ${reason} (images ${paths})`);
      }
      yield rows;
      batches += 1;
      if (batches % batchesPerCollection === 0) collectGarbage();
    }
  }

  close(): Promise<void> {
    return this.#close();
  }
}

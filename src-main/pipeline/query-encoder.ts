import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StrataError } from '../contract/errors.ts';
import { imageRow, type RetrievalGroup, retrievalGroups } from '../core/pooled-code.ts';
import { preprocess } from '../core/preprocess.ts';
import { type SparseCode, sparseCode } from '../core/sparse-codes.ts';
import type { ClipFolder } from '../data/clip-folder.ts';
import type { ImageReader } from '../data/datasets/index.ts';
import { decodeRgb } from '../data/decode.ts';
import { CltEncoder } from '../engine/clt-model.ts';
import { free } from '../engine/session.ts';
import { VisionTower } from '../engine/vision-tower.ts';
import { imageBatches } from './image-batches.ts';
import { runDataset, runModel } from './inputs.ts';
import { splitTaps } from './split-taps.ts';
import type { StageContext } from './stage.ts';
import { runClt } from './test-images.ts';

/** An image's codes as an index holds them, by layer. */
export type ImageCodes = Record<RetrievalGroup, SparseCode[]>;

/** Encodes single images with the frozen model and the CLT of a run; close it when done. */
export class QueryEncoder {
  readonly #context: StageContext;
  readonly #clip: ClipFolder;
  readonly #name: string;
  readonly #reader: ImageReader;
  readonly #tower: VisionTower;
  readonly #encoder: CltEncoder;

  private constructor(
    context: StageContext,
    clip: ClipFolder,
    dataset: { name: string; reader: ImageReader },
    tower: VisionTower,
    encoder: CltEncoder,
  ) {
    this.#context = context;
    this.#clip = clip;
    this.#name = dataset.name;
    this.#reader = dataset.reader;
    this.#tower = tower;
    this.#encoder = encoder;
  }

  static async load(context: StageContext): Promise<QueryEncoder> {
    const { provider } = context.recipe;
    const { clip } = await runModel(context);
    const { stored, images: reader } = await runDataset(context);
    const tower = await VisionTower.load(clip, provider);
    const encoder = await CltEncoder.load(await runClt(context), provider);
    return new QueryEncoder(context, clip, { name: stored.name, reader }, tower, encoder);
  }

  /** The image of the run's data set with this index. */
  async ofImage(index: number): Promise<ImageCodes> {
    const inputs = {
      project: this.#context.project,
      name: this.#name,
      reader: this.#reader,
      preprocess: this.#clip.preprocess,
    };
    for await (const { pixels } of imageBatches(inputs, [index], 1, this.#context.signal)) return this.#encode(pixels);
    throw new Error('no image came');
  }

  /** Any PNG, JPEG or WebP file. NOT_FOUND when it cannot be read, IMAGE_INVALID when it is no image. */
  async ofFile(path: string): Promise<ImageCodes> {
    const file = resolve(path);
    const bytes = await readFile(file).catch((cause: Error) => {
      throw new StrataError('NOT_FOUND', `${file} cannot be read: ${cause.message}`, { cause });
    });
    const image = await decodeRgb(bytes).catch((cause: Error) => {
      throw new StrataError('IMAGE_INVALID', `${file}: ${cause.message}`, { cause });
    });
    return this.#encode(preprocess(image, this.#clip.preprocess));
  }

  async close(): Promise<void> {
    await Promise.all([this.#tower.release(), this.#encoder.release(), this.#reader.close()]);
  }

  /** pixels [1, 3, S, S] */
  async #encode(pixels: Float32Array<ArrayBuffer>): Promise<ImageCodes> {
    const { layers, features, width } = this.#encoder.shape;
    const allTokens = Array.from({ length: this.#clip.vision.tokens }, (_, token) => token);
    const { taps } = await this.#tower.run(pixels, [allTokens]);
    const z = await this.#encoder.run(splitTaps(taps, width).x);
    const codes: ImageCodes = { cls: [], patches: [] };
    for (const group of retrievalGroups) {
      const row = imageRow(z, layers * features, group);
      for (let layer = 0; layer < layers; layer++) {
        codes[group].push(sparseCode(row.subarray(layer * features, (layer + 1) * features)));
      }
    }
    free(z);
    return codes;
  }
}

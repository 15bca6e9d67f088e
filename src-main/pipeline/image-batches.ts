import { StrataError } from '../contract/errors.ts';
import { type Preprocess, preprocess } from '../core/preprocess.ts';
import type { ImageReader } from '../data/datasets/index.ts';
import { decodeRgb } from '../data/decode.ts';
import { free } from '../engine/session.ts';
import { imagesAt } from '../store/image-choice.ts';
import type { StoredImage } from '../store/images.ts';
import type { Project } from '../store/project-folder.ts';

export interface ImageBatch {
  images: StoredImage[];
  /** [images, 3, S, S], ready for the vision tower. */
  pixels: Float32Array<ArrayBuffer>;
}

export interface ImageInputs {
  project: Project;
  /** The data set's name in the project. */
  name: string;
  reader: Pick<ImageReader, 'read'>;
  preprocess: Preprocess;
}

/**
 * Images in the order of `indices`, decoded and preprocessed in batches. The next batch is decoded while the caller
 * works on the present one; no more than two are in memory.
 */
export async function* imageBatches(
  inputs: ImageInputs,
  indices: ArrayLike<number>,
  batchSize: number,
  signal: AbortSignal,
): AsyncGenerator<ImageBatch> {
  const load = (start: number) => loadBatch(inputs, slice(indices, start, start + batchSize));
  let next = indices.length > 0 ? load(0) : undefined;
  for (let start = 0; next; start += batchSize) {
    const batch = await next;
    signal.throwIfAborted();
    next = start + batchSize < indices.length ? load(start + batchSize) : undefined;
    // If the caller stops early, the batch under way is nobody's: its failure must not count as unhandled.
    next?.catch(() => undefined);
    yield batch;
  }
}

async function loadBatch(source: ImageInputs, indices: readonly number[]): Promise<ImageBatch> {
  const images = await imagesAt(source.project, source.name, indices);
  const inputs = await Promise.all(images.map((image) => loadImage(source, image)));
  const pixels = new Float32Array(inputs.length * inputs[0].length);
  inputs.forEach((input, at) => {
    pixels.set(input, at * input.length);
    free(input);
  });
  return { images, pixels };
}

/** Every stored image was decoded once at import; one that no longer can be is a changed data set. */
async function loadImage(source: ImageInputs, image: StoredImage): Promise<Float32Array<ArrayBuffer>> {
  try {
    const { path, size, offset } = image;
    const bytes = await source.reader.read({ path, size, offset: offset ?? undefined });
    return preprocess(await decodeRgb(bytes), source.preprocess);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = 'the data set changed since it was added; add it again under another name';
    throw new StrataError('DATASET_INVALID', `${image.path}: ${reason}; ${advice}`, { cause });
  }
}

function slice(values: ArrayLike<number>, start: number, end: number): number[] {
  const count = Math.min(end, values.length) - start;
  return Array.from({ length: count }, (_, at) => values[start + at]);
}

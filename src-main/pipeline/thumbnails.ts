import sharp from 'sharp';
import { type FormatId, type ImageReader, openImageReader } from '../data/datasets/index.ts';
import { decodeRgb } from '../data/decode.ts';
import type { ImagePlace } from '../store/image-place.ts';
import { resolveSource } from './source.ts';

/** Pictures up to this size are kept without loss: the models' inputs are no larger, and every pixel may matter. */
const losslessUpTo = 256;

/** Archives kept open; a project rarely has more data sets on one screen. */
const openReaders = 4;

/** Draws images of data sets as WebP, upright, their longer side at most `size` pixels, never enlarged. */
export class Thumbnails {
  readonly #readers = new Map<string, Promise<ImageReader>>();

  /** IMAGE_INVALID or NOT_FOUND when the image is no longer where it was. */
  async draw({ source, format, path, offset, size: length }: ImagePlace, size: number) {
    const reader = await this.#reader(source, format);
    const file = await reader.read({ path, size: length, offset: offset ?? undefined });
    const { data, width, height } = await decodeRgb(file);
    const webp = await sharp(data, { raw: { width, height, channels: 3 } })
      .resize(size, size, { fit: 'inside', withoutEnlargement: true })
      .webp(Math.min(size, Math.max(width, height)) <= losslessUpTo ? { lossless: true } : { quality: 88 })
      .toBuffer();
    return new Uint8Array(webp);
  }

  async close(): Promise<void> {
    const readers = [...this.#readers.values()];
    this.#readers.clear();
    await Promise.all(readers.map(closeOpened));
  }

  #reader(source: string, format: string): Promise<ImageReader> {
    const key = `${format} ${source}`;
    const found = this.#readers.get(key);
    if (found) return found;
    const opening = openImageReader(resolveSource(source), format as FormatId);
    this.#readers.set(key, opening);
    opening.catch(() => this.#readers.delete(key));
    const [eldest] = this.#readers;
    if (this.#readers.size > openReaders && eldest) {
      this.#readers.delete(eldest[0]);
      void closeOpened(eldest[1]);
    }
    return opening;
  }
}

async function closeOpened(opening: Promise<ImageReader>): Promise<void> {
  await (await opening.catch(() => undefined))?.close();
}

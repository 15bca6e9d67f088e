import { createHash } from 'node:crypto';
import { isStrataError } from '../../contract/errors.ts';
import { decodeRgb } from '../decode.ts';
import type { ImageEntry, OpenDataset, SkippedImage } from './format.ts';

export interface ImportedImage extends ImageEntry {
  /** Pixels, upright. */
  width: number;
  height: number;
  /** Of the image's file, in hex. */
  sha256: string;
}

interface ImportOptions {
  signal?: AbortSignal;
  /** Called in the order of entries(), and waited for. */
  onImage(image: ImportedImage): void | Promise<void>;
  onSkipped(image: SkippedImage): void | Promise<void>;
  onProgress?(progress: { done: number; total: number }): void;
}

interface ImportedDataset {
  images: number;
  skipped: number;
  /** Over path and content of every image, in order: equal only for equal data. */
  sha256: string;
  /** Images of each split. */
  bySplit: Record<string, number>;
}

type Checked = { image: ImportedImage } | { skipped: SkippedImage };

/** Decoding runs on libuv's four threads: as many images again wait in memory, so that none of them idles. */
const imagesInFlight = 8;

/**
 * Reads and decodes every image once. What is corrupt or unreadable is skipped and told, and never ends the import;
 * the other images are told in order, with their size and hash. Rejects with an AbortError once `signal` fires.
 */
export async function importDataset(dataset: OpenDataset, options: ImportOptions): Promise<ImportedDataset> {
  const hash = createHash('sha256');
  const result = { images: 0, skipped: 0, bySplit: {} as Record<string, number> };
  const total = dataset.count + dataset.unreadable.length;

  async function finish(checked: Checked): Promise<void> {
    options.signal?.throwIfAborted();
    if ('image' in checked) {
      const { image } = checked;
      result.images++;
      result.bySplit[image.split] = (result.bySplit[image.split] ?? 0) + 1;
      hash.update(`${image.path}\0${image.sha256}\n`);
      await options.onImage(image);
    } else {
      result.skipped++;
      await options.onSkipped(checked.skipped);
    }
    options.onProgress?.({ done: result.images + result.skipped, total });
  }

  for (const skipped of dataset.unreadable) await finish({ skipped });
  const running: Promise<Checked>[] = [];
  try {
    for await (const entry of dataset.entries()) {
      running.push(checkImage(dataset, entry));
      if (running.length >= imagesInFlight) await finish(await running[0]).finally(() => running.shift());
    }
    for (const checked of running) await finish(await checked);
  } finally {
    await Promise.allSettled(running);
  }
  return { ...result, sha256: hash.digest('hex') };
}

async function checkImage(dataset: OpenDataset, entry: ImageEntry): Promise<Checked> {
  try {
    const bytes = await dataset.read(entry);
    const { width, height } = await decodeRgb(bytes);
    return { image: { ...entry, width, height, sha256: createHash('sha256').update(bytes).digest('hex') } };
  } catch (error) {
    if (!isStrataError(error) || error.code !== 'IMAGE_INVALID') throw error;
    return { skipped: { path: entry.path, reason: error.message } };
  }
}

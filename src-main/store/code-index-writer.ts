import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StrataError } from '../contract/errors.ts';
import { type RetrievalGroup, retrievalGroups } from '../core/pooled-code.ts';
import { appendCode, indexArray } from '../core/sparse-codes.ts';
import {
  type CodeIndexManifest,
  codeIndexVersion,
  imagesName,
  manifestName,
  segmentFiles,
} from './code-index-format.ts';

/** Entries of a layer and group that are gathered before they are written. */
const bufferedEntries = 16_384;

/**
 * Writes a code index (code-index-format.ts) image by image into a folder of its own beside `dir`; `finish` gives it its
 * name. Memory does not grow with the images. What a killed writer left is removed, and so is an earlier index of the
 * same run. DISK_FULL when space runs out.
 */
export class CodeIndexWriter {
  readonly #dir: string;
  readonly #partial: string;
  readonly #spec: Pick<CodeIndexManifest, 'layers' | 'features' | 'madeFrom'>;
  readonly #images: Appender;
  readonly #segments: Record<RetrievalGroup, SegmentWriter[]>;
  #rows = 0;
  #lastImage = -1;

  constructor(dir: string, spec: Pick<CodeIndexManifest, 'layers' | 'features' | 'madeFrom'>) {
    this.#dir = dir;
    this.#partial = `${dir}.partial`;
    this.#spec = spec;
    rmSync(this.#partial, { recursive: true, force: true });
    mkdirSync(this.#partial, { recursive: true });
    const segments = (group: RetrievalGroup) =>
      Array.from({ length: spec.layers }, (_, layer) => new SegmentWriter(this.#partial, group, layer, spec.features));
    this.#images = new Appender(join(this.#partial, imagesName));
    this.#segments = { cls: segments('cls'), patches: segments('patches') };
  }

  /** Adds an image by its index in the data set, larger than the last one's, with its code [L*m] for each group. */
  add(image: number, codes: Record<RetrievalGroup, Float32Array>): void {
    const { features } = this.#spec;
    if (image <= this.#lastImage) throw new Error(`image ${image} after ${this.#lastImage}: the order must ascend`);
    this.#lastImage = image;
    this.#images.write(Uint32Array.of(image));
    for (const group of retrievalGroups) {
      this.#segments[group].forEach((segment, layer) => {
        segment.add(codes[group].subarray(layer * features, (layer + 1) * features));
      });
    }
    this.#rows += 1;
  }

  /** Completes the index. */
  finish(): void {
    const finished = (group: RetrievalGroup) => this.#segments[group].map((segment) => segment.finish());
    this.#images.finish();
    const manifest: CodeIndexManifest = {
      format: 'strata-codes',
      version: codeIndexVersion,
      ...this.#spec,
      rows: this.#rows,
      entries: { cls: finished('cls'), patches: finished('patches') },
    };
    writeFileSync(join(this.#partial, manifestName), `${JSON.stringify(manifest, null, 1)}\n`, { flush: true });
    rmSync(this.#dir, { recursive: true, force: true });
    renameSync(this.#partial, this.#dir);
    syncDirectory(dirname(this.#dir));
  }

  /** Gives the index up and removes what was written. Nothing to do after `finish`. */
  abandon(): void {
    this.#images.close();
    for (const segment of [...this.#segments.cls, ...this.#segments.patches]) segment.close();
    rmSync(this.#partial, { recursive: true, force: true });
  }
}

class SegmentWriter {
  readonly #files: { indptr: Appender; indices: Appender; values: Appender };
  readonly #indices: Uint16Array | Uint32Array;
  readonly #values: Uint16Array;
  #buffered = 0;
  #entries = 0;

  constructor(dir: string, group: RetrievalGroup, layer: number, features: number) {
    const names = segmentFiles(group, layer, features);
    const appender = (name: string) => new Appender(join(dir, name));
    this.#files = { indptr: appender(names.indptr), indices: appender(names.indices), values: appender(names.values) };
    this.#indices = indexArray(features, bufferedEntries + features);
    this.#values = new Uint16Array(bufferedEntries + features);
    this.#files.indptr.write(Uint32Array.of(0));
  }

  add(code: Float32Array): void {
    const end = appendCode(code, this.#indices, this.#values, this.#buffered);
    this.#entries += end - this.#buffered;
    if (this.#entries > 0xffffffff) throw new Error('a layer of the code index has more than 2^32 - 1 entries');
    this.#buffered = end;
    this.#files.indptr.write(Uint32Array.of(this.#entries));
    if (this.#buffered >= bufferedEntries) this.#flush();
  }

  /** Number of entries written. */
  finish(): number {
    this.#flush();
    for (const file of Object.values(this.#files)) file.finish();
    return this.#entries;
  }

  close(): void {
    for (const file of Object.values(this.#files)) file.close();
  }

  #flush(): void {
    this.#files.indices.write(this.#indices.subarray(0, this.#buffered));
    this.#files.values.write(this.#values.subarray(0, this.#buffered));
    this.#buffered = 0;
  }
}

/** A file that is written from its beginning to its end, in pieces of a useful size. */
class Appender {
  readonly #path: string;
  readonly #buffer = Buffer.alloc(32_768);
  #file: number | undefined;
  #filled = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'wx');
  }

  write(data: ArrayBufferView): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (this.#filled + bytes.length > this.#buffer.length) this.#flush();
    if (bytes.length > this.#buffer.length) this.#writeAll(bytes);
    else {
      this.#buffer.set(bytes, this.#filled);
      this.#filled += bytes.length;
    }
  }

  finish(): void {
    this.#flush();
    if (this.#file !== undefined) fsyncSync(this.#file);
    this.close();
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #flush(): void {
    this.#writeAll(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #writeAll(bytes: Uint8Array): void {
    if (this.#file === undefined) throw new Error(`${this.#path} is closed`);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      const advice = 'free some space and run the recipe again';
      throw new StrataError('DISK_FULL', `${this.#path}: the disk is full; ${advice}`, { cause: error });
    }
  }
}

/** Windows cannot open a directory as a file; its file system journals the rename itself. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

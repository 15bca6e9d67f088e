import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StrataError } from '../contract/errors.ts';
import { float16Values } from '../core/float16.ts';
import type { RetrievalGroup } from '../core/pooled-code.ts';
import { codeAt, indexArray, type SparseCode, type SparseCodes } from '../core/sparse-codes.ts';
import {
  type CodeIndexManifest,
  codeIndexManifest,
  expectedSizes,
  imagesName,
  manifestName,
  segmentFiles,
} from './code-index-format.ts';

/** A complete code index (code-index-format.ts). Four bytes an image are held; the rest is read when it is asked for. */
export class CodeIndex {
  readonly manifest: CodeIndexManifest;
  /** Index in the data set of every row's image [rows], ascending. */
  readonly images: Uint32Array;
  readonly #dir: string;

  /** NOT_FOUND when there is no index in `dir`, FILE_INVALID naming the file that is not as it must be. */
  constructor(dir: string) {
    const path = join(dir, manifestName);
    if (!existsSync(path)) throw new StrataError('NOT_FOUND', `${dir}: there is no code index; run the recipe again`);
    this.#dir = dir;
    this.manifest = parseManifest(path);
    for (const [name, size] of expectedSizes(this.manifest)) {
      const found = statSync(join(dir, name), { throwIfNoEntry: false })?.size;
      if (found !== size) throw this.#damaged(name, `expected ${size} bytes, found ${found ?? 'no such file'}`);
    }
    this.images = this.#read(imagesName, new Uint32Array(this.manifest.rows));
    const at = this.images.findIndex((image, row) => row > 0 && image <= this.images[row - 1]);
    if (at > 0) throw this.#damaged(imagesName, `row ${at} is not above the one before`);
  }

  /** Row of an image of the data set; undefined where it is not in the index. */
  rowOf(image: number): number | undefined {
    const row = lowerBound(this.images, image);
    return this.images[row] === image ? row : undefined;
  }

  /** All codes of a layer and group, checked. Memory: 4 bytes a row and 4 an entry (6 beyond 65,536 features). */
  codes(layer: number, group: RetrievalGroup): SparseCodes {
    const { features, rows, entries } = this.manifest;
    const files = segmentFiles(group, layer, features);
    const count = entries[group][layer];
    const codes = {
      features,
      indptr: this.#read(files.indptr, new Uint32Array(rows + 1)),
      indices: this.#read(files.indices, indexArray(features, count)),
      values: this.#read(files.values, new Uint16Array(count)),
    };
    const problem = problemOf(codes);
    if (problem) throw this.#damaged(files[problem.file], problem.what);
    return codes;
  }

  /** One row of a layer and group, read alone. */
  code(layer: number, group: RetrievalGroup, row: number): SparseCode {
    const { features } = this.manifest;
    const files = segmentFiles(group, layer, features);
    const [from, to] = this.#read(files.indptr, new Uint32Array(2), row);
    const count = Math.max(0, to - from);
    const codes = {
      features,
      indptr: Uint32Array.of(0, count),
      indices: this.#read(files.indices, indexArray(features, count), from),
      values: this.#read(files.values, new Uint16Array(count), from),
    };
    const problem = problemOf(codes);
    if (problem) throw this.#damaged(files[problem.file], problem.what);
    return codeAt(codes, 0);
  }

  /** Fills `target` with a file's values from element `first` on. */
  #read<T extends Uint16Array | Uint32Array>(name: string, target: T, first = 0): T {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    const file = openSync(join(this.#dir, name), 'r');
    try {
      let done = 0;
      while (done < bytes.length) {
        const position = first * target.BYTES_PER_ELEMENT + done;
        const read = readSync(file, bytes, done, Math.min(bytes.length - done, 2 ** 30), position);
        if (read === 0) throw this.#damaged(name, 'it is cut short');
        done += read;
      }
    } finally {
      closeSync(file);
    }
    return target;
  }

  #damaged(name: string, what: string): StrataError {
    const path = join(this.#dir, name);
    return new StrataError('FILE_INVALID', `${path}: damaged code index: ${what}; delete the folder and run again`);
  }
}

function parseManifest(path: string): CodeIndexManifest {
  const invalid = (what: string) =>
    new StrataError('FILE_INVALID', `${path}: not the manifest of a code index: ${what}`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  const parsed = codeIndexManifest.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`${issue.path.join('.') || 'the file'}: ${issue.message}`);
  }
  const { layers, entries } = parsed.data;
  if (entries.cls.length !== layers || entries.patches.length !== layers) {
    throw invalid(`entries: expected ${layers} layers`);
  }
  return parsed.data;
}

/** What is wrong with the entries of a layer, and in which file. */
function problemOf(codes: SparseCodes): { file: 'indptr' | 'indices' | 'values'; what: string } | undefined {
  const { features, indptr, indices, values } = codes;
  if (indptr[0] !== 0 || indptr[indptr.length - 1] !== indices.length) {
    return { file: 'indptr', what: `rows do not cover the ${indices.length} entries` };
  }
  for (let row = 0; row + 1 < indptr.length; row++) {
    if (indptr[row + 1] < indptr[row]) return { file: 'indptr', what: `row ${row} ends before it begins` };
    for (let at = indptr[row]; at < indptr[row + 1]; at++) {
      const ascending = at === indptr[row] || indices[at] > indices[at - 1];
      if (!ascending || indices[at] >= features) {
        return { file: 'indices', what: `entry ${at} is feature ${indices[at]}, out of order or range` };
      }
    }
  }
  const wrong = values.findIndex((bits) => !Number.isFinite(float16Values[bits]) || (bits & 0x7fff) === 0);
  return wrong < 0 ? undefined : { file: 'values', what: `entry ${wrong} is ${float16Values[values[wrong]]}` };
}

/** First place in an ascending array whose value is at least `value`. */
function lowerBound(values: Uint32Array, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StrataError } from '../contract/errors.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { StatisticsSums } from '../core/standardise.ts';
import { isAlive } from './jobs.ts';

/**
 * Activation shards, format 1. A set of shards is a folder named by the hash of what made it and holds
 *
 *   manifest.json          what made it (ShardSpec) and how it is cut into parts
 *   part-00000.acts ...    a 64-byte header, the rows, then the sums for standardisation
 *
 * A row is one token: [layer][x | y][width], float16, little-endian; x is the LN2 activation, y the MLP output. Rows
 * of an image are consecutive (CLS, then the sampled patches ascending), images are in the order of the spec. A part
 * appears under its name only when it is complete, and nothing in the folder ever changes afterwards.
 *
 * Part header: 'STRATACT', then as uint32: format version, tokens, layers, width; zeros up to byte 64.
 * Sums: float64 [L*2*d] of the values, then of their squares.
 */
const formatVersion = 1;
const magic = 'STRATACT';
const headerBytes = 64;
/** Parts are at most about this large, which is what a killed capture loses. */
const targetPartBytes = 64 * 2 ** 20;

const specSchema = z.strictObject({
  model: z.string(),
  dataset: z.string(),
  split: z.string(),
  images: z.int().min(1),
  /** How the images were chosen, where they are not the whole split. */
  choice: z.strictObject({ seed: z.int(), maxImages: z.int() }).optional(),
  preprocess: z.record(z.string(), z.unknown()),
  patchesPerImage: z.union([z.int(), z.literal('all')]),
  /** Absent where every patch is kept. */
  tokenSeed: z.int().optional(),
  tokensPerImage: z.int().min(1),
  layers: z.int().min(1),
  width: z.int().min(1),
});

/** All that the bytes of a set of shards depend on. */
export type ShardSpec = z.infer<typeof specSchema>;

const manifestSchema = z.strictObject({
  format: z.literal('strata-activations'),
  version: z.literal(formatVersion),
  rowLayout: z.literal('[token][layer][x|y][width] float16 little-endian'),
  spec: specSchema,
  imagesPerPart: z.int().min(1),
  parts: z.int().min(1),
});

/** The folder's name: a hash of the spec and the format version. */
export function shardKey(spec: ShardSpec): string {
  return createHash('sha256').update(canonicalJson({ formatVersion, spec })).digest('hex').slice(0, 16);
}

function rowBytes(spec: Pick<ShardSpec, 'layers' | 'width'>): number {
  return spec.layers * 2 * spec.width * 2;
}

/** Bytes on disk of the whole set, for the budget check before capture starts. */
export function shardBytes(spec: ShardSpec): number {
  const perPart = headerBytes + spec.layers * 2 * spec.width * 16;
  return spec.images * spec.tokensPerImage * rowBytes(spec) + partCount(spec) * perPart;
}

export function imagesPerPart(spec: ShardSpec): number {
  return Math.max(1, Math.floor(targetPartBytes / (spec.tokensPerImage * rowBytes(spec))));
}

export function partCount(spec: ShardSpec): number {
  return Math.ceil(spec.images / imagesPerPart(spec));
}

/** A set of shards in a folder, which may be incomplete. */
export class ActivationShards {
  readonly spec: ShardSpec;
  readonly #dir: string;
  readonly #parts = new Map<number, number>();

  /** Opens (and creates) the folder of `spec` under `root`. FILE_INVALID if another spec's files lie there. */
  constructor(root: string, spec: ShardSpec) {
    this.spec = specSchema.parse(spec);
    this.#dir = join(root, shardKey(this.spec));
    mkdirSync(this.#dir, { recursive: true });
    const manifest = {
      format: 'strata-activations',
      version: formatVersion,
      rowLayout: '[token][layer][x|y][width] float16 little-endian',
      spec: this.spec,
      imagesPerPart: imagesPerPart(this.spec),
      parts: partCount(this.spec),
    };
    const path = join(this.#dir, 'manifest.json');
    if (!existsSync(path)) writeFileAtomically(path, [Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)]);
    const found = manifestSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (!found.success || canonicalJson(found.data.spec) !== canonicalJson(this.spec)) {
      throw new StrataError(
        'FILE_INVALID',
        `${path}: not the manifest of these shards; delete the folder ${this.#dir}`,
      );
    }
  }

  get dir(): string {
    return this.#dir;
  }

  get tokens(): number {
    return this.spec.images * this.spec.tokensPerImage;
  }

  hasPart(part: number): boolean {
    return existsSync(this.#partPath(part));
  }

  get complete(): boolean {
    return Array.from({ length: partCount(this.spec) }, (_, part) => part).every((part) => this.hasPart(part));
  }

  /** Deletes what processes that were killed left half written. */
  removeLeftovers(): void {
    for (const name of readdirSync(this.#dir)) {
      const writer = /\.(\d+)\.tmp$/.exec(name);
      if (writer && !isAlive(Number(writer[1]))) rmSync(join(this.#dir, name), { force: true });
    }
  }

  /** Images first..end-1 of a part. */
  imagesOfPart(part: number): { first: number; end: number } {
    const size = imagesPerPart(this.spec);
    return { first: part * size, end: Math.min(this.spec.images, (part + 1) * size) };
  }

  /** Writes one part from batches of rows; the part appears only when all of its images came. */
  async writePart(part: number, batches: AsyncIterable<Uint16Array>): Promise<void> {
    const { layers, width, tokensPerImage } = this.spec;
    const { first, end } = this.imagesOfPart(part);
    const sums = new StatisticsSums(layers, width);
    const path = this.#partPath(part);
    // Two runs may write the same part at once: each to its own file, and the bytes are the same.
    const temporary = `${path}.${process.pid}.tmp`;
    const file = openSync(temporary, 'w');
    try {
      writeSync(file, Buffer.alloc(headerBytes));
      for await (const rows of batches) {
        sums.addRows(rows);
        writeAll(file, rows);
      }
      if (sums.tokens !== (end - first) * tokensPerImage) {
        throw new Error(`part ${part} got ${sums.tokens} tokens instead of ${(end - first) * tokensPerImage}`);
      }
      writeAll(file, sums.sum);
      writeAll(file, sums.squares);
      writeSync(file, partHeader(sums.tokens, layers, width), 0, headerBytes, 0);
      fsyncSync(file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw diskFull(error, path);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  }

  /** Reads the rows of `tokens` (any order) into `target` [tokens, L*2*d], in the order asked for. */
  readRows(tokens: readonly number[], target: Uint16Array): void {
    const size = rowBytes(this.spec);
    const perPart = imagesPerPart(this.spec) * this.spec.tokensPerImage;
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    // In file order, so that a batch is one sweep over the disk.
    const order = Array.from(tokens.keys()).sort((a, b) => tokens[a] - tokens[b]);
    for (const at of order) {
      const part = Math.floor(tokens[at] / perPart);
      const position = headerBytes + (tokens[at] % perPart) * size;
      const read = readSync(this.#open(part), bytes, at * size, size, position);
      if (read !== size) throw this.#damaged(part, `expected ${size} bytes at ${position}, found ${read}`);
    }
  }

  /** Sums over all tokens of a complete set. */
  statisticsSums(): StatisticsSums {
    const { layers, width, tokensPerImage } = this.spec;
    const values = layers * 2 * width;
    const total = new StatisticsSums(layers, width);
    for (let part = 0; part < partCount(this.spec); part++) {
      const { first, end } = this.imagesOfPart(part);
      const tokens = (end - first) * tokensPerImage;
      const sums = new Float64Array(values * 2);
      const read = readSync(this.#open(part), sums, 0, sums.byteLength, headerBytes + tokens * rowBytes(this.spec));
      if (read !== sums.byteLength) throw this.#damaged(part, 'its sums are cut off');
      total.add({ tokens, sum: sums.subarray(0, values), squares: sums.subarray(values) });
    }
    return total;
  }

  close(): void {
    for (const file of this.#parts.values()) closeSync(file);
    this.#parts.clear();
  }

  #open(part: number): number {
    const known = this.#parts.get(part);
    if (known !== undefined) return known;
    const { layers, width, tokensPerImage } = this.spec;
    const { first, end } = this.imagesOfPart(part);
    const file = openSync(this.#partPath(part), 'r');
    const header = Buffer.alloc(headerBytes);
    readSync(file, header, 0, headerBytes, 0);
    if (!header.equals(partHeader((end - first) * tokensPerImage, layers, width))) {
      closeSync(file);
      throw this.#damaged(part, 'its header is not that of this set');
    }
    this.#parts.set(part, file);
    return file;
  }

  #partPath(part: number): string {
    return join(this.#dir, `part-${String(part).padStart(5, '0')}.acts`);
  }

  #damaged(part: number, what: string): StrataError {
    const path = this.#partPath(part);
    return new StrataError('FILE_INVALID', `${path}: damaged activation shard: ${what}; delete it and run again`);
  }
}

function partHeader(tokens: number, layers: number, width: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write(magic, 'latin1');
  header.set(new Uint8Array(Uint32Array.of(formatVersion, tokens, layers, width).buffer), 8);
  return header;
}

function writeAll(file: number, data: ArrayBufferView): void {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

function writeFileAtomically(path: string, chunks: readonly Uint8Array[]): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, 'w');
  for (const chunk of chunks) writeAll(file, chunk);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
}

function diskFull(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) return error;
  const advice = 'parts already written are kept; free some space and run the recipe again';
  return new StrataError('DISK_FULL', `${path}: the disk is full; ${advice}`, { cause: error });
}

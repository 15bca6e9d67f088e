import { type FileHandle, open } from 'node:fs/promises';
import { StrataError } from '../contract/errors.ts';
import { float16Values } from '../core/float16.ts';
import { writeAtomically } from './atomic-file.ts';
import {
  type ElementKind,
  elementSizes,
  invalidFile,
  lengthBytes,
  maxHeaderBytes,
  parseSafetensorsHeader,
  type SafetensorsHeader,
  tensorBytes,
} from './safetensors-header.ts';

export type { ElementKind } from './safetensors-header.ts';

export interface SafetensorsIndex extends SafetensorsHeader {
  path: string;
  /** Bytes. */
  fileSize: number;
}

/** One tensor to write; `data` holds exactly the shape's elements, little-endian. */
export interface TensorToWrite {
  name: string;
  dtype: ElementKind;
  shape: readonly number[];
  data: ArrayBufferView;
}

/** A single read or write call moves at most 2 GiB; smaller pieces also keep other work on the disk going. */
const pieceBytes = 64 * 2 ** 20;

/**
 * Reads and checks the header of a safetensors file; no tensor data is read.
 * NOT_FOUND when there is no such file, FILE_INVALID when it is damaged or something else.
 */
export async function readSafetensorsIndex(path: string): Promise<SafetensorsIndex> {
  return withFile(path, async (handle) => {
    const stats = await handle.stat();
    if (!stats.isFile()) throw invalidFile(path, 'it is not a regular file');
    const fileSize = stats.size;
    const length = fileSize < lengthBytes ? 0n : (await readExactly(handle, path, 0, lengthBytes)).readBigUInt64LE();
    if (length < 2n || length > maxHeaderBytes) {
      throw invalidFile(path, `a header of ${length} bytes (expected 2 to ${maxHeaderBytes})`);
    }
    const headerBytes = Number(length);
    if (lengthBytes + headerBytes > fileSize) {
      throw invalidFile(path, `truncated: a header of ${headerBytes} bytes in a file of ${fileSize}`);
    }
    const json = await readExactly(handle, path, lengthBytes, headerBytes);
    return { path, fileSize, ...parseSafetensorsHeader(path, json, fileSize) };
  });
}

/**
 * One tensor's bytes as they lie in the file, in a buffer of their own, so that any typed array can be laid over
 * `.buffer`. NOT_FOUND when the file has no such tensor, FILE_INVALID when it shrank since its index was read.
 */
export async function readTensorRaw(index: SafetensorsIndex, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const entry = index.tensors.get(name);
  if (!entry) throw new StrataError('NOT_FOUND', `${index.path}: there is no tensor "${name}" in this file`);
  return withFile(index.path, async (handle) => {
    const bytes = await readExactly(handle, index.path, entry.offset, entry.byteLength, `tensor "${name}": `);
    return new Uint8Array(bytes.buffer);
  });
}

/**
 * One floating-point tensor (F32, F16, BF16 or F64) as single precision, row-major.
 * FILE_INVALID when the tensor holds anything else; otherwise as readTensorRaw.
 */
export async function readTensor(index: SafetensorsIndex, name: string): Promise<Float32Array<ArrayBuffer>> {
  const { buffer } = await readTensorRaw(index, name);
  const dtype = index.tensors.get(name)?.dtype;
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F64':
      return new Float32Array(new Float64Array(buffer));
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), (bits) => float16Values[bits]);
    case 'BF16':
      // A bfloat16 is the upper half of a float32.
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    default:
      throw new StrataError(
        'FILE_INVALID',
        `${index.path}: tensor "${name}": expected F32, F16, BF16 or F64, found ${dtype}`,
      );
  }
}

/**
 * Writes a safetensors file atomically. The bytes depend only on the content, not on the order given: tensors lie by
 * falling element size, then by name, metadata by key, so that every tensor is aligned to its element size.
 * Throws a TypeError on a duplicate name or on data that does not fit its shape, DISK_FULL when space runs out.
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<TensorToWrite>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const ordered = [...tensors].sort(inFileOrder);
  const header = headerBytes(ordered, metadata);
  await writeAtomically(path, async (handle) => {
    await writeFully(handle, header);
    for (const { data } of ordered) await writeFully(handle, data);
  });
}

function inFileOrder(a: TensorToWrite, b: TensorToWrite): number {
  return elementSizes[b.dtype] - elementSizes[a.dtype] || compareText(a.name, b.name);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function headerBytes(tensors: readonly TensorToWrite[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries: [string, unknown][] = [];
  const sorted = Object.entries(metadata).sort(([a], [b]) => compareText(a, b));
  if (sorted.length > 0) entries.push(['__metadata__', Object.fromEntries(sorted)]);
  const names = new Set<string>(['__metadata__']);
  let offset = 0;
  for (const { name, dtype, shape, data } of tensors) {
    const end = offset + tensorBytes(dtype, shape);
    if (names.has(name)) throw new TypeError(`tensor name "${name}" is taken`);
    if (end - offset !== data.byteLength) {
      throw new TypeError(`tensor "${name}": ${dtype} [${shape}] takes ${end - offset} bytes, not ${data.byteLength}`);
    }
    names.add(name);
    entries.push([name, { dtype, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  // Objects put number-like keys first, so that an object could not keep the tensors' order: the text is built by hand.
  const json = `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
  const text = Buffer.from(json);
  const padded = Buffer.alloc(lengthBytes + Math.ceil(text.byteLength / lengthBytes) * lengthBytes, ' ');
  padded.writeBigUInt64LE(BigInt(padded.byteLength - lengthBytes));
  text.copy(padded, lengthBytes);
  return padded;
}

async function withFile<T>(path: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new StrataError('NOT_FOUND', `${path}: there is no such file`, { cause: error });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new StrataError('FILE_INVALID', `${path}: the file cannot be opened (${reason})`, { cause: error });
  });
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

async function readExactly(
  handle: FileHandle,
  path: string,
  offset: number,
  length: number,
  subject = '',
): Promise<Buffer<ArrayBuffer>> {
  const bytes = Buffer.from(new ArrayBuffer(length));
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(pieceBytes, length - done), offset + done);
    if (bytesRead === 0) throw invalidFile(path, `truncated: ${subject}expected ${length} bytes, found ${done}`);
    done += bytesRead;
  }
  return bytes;
}

async function writeFully(handle: FileHandle, data: ArrayBufferView): Promise<void> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let done = 0;
  while (done < bytes.byteLength) {
    const { bytesWritten } = await handle.write(bytes, done, Math.min(pieceBytes, bytes.byteLength - done));
    done += bytesWritten;
  }
}

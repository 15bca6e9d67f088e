import { z } from 'zod';
import { StrataError } from '../contract/errors.ts';

/** Bytes per element of the types a safetensors file may hold. */
export const elementSizes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
} as const;

export type ElementKind = keyof typeof elementSizes;

interface TensorEntry {
  name: string;
  dtype: ElementKind;
  shape: readonly number[];
  /** Where the tensor's first byte lies, counted from the start of the file. */
  offset: number;
  byteLength: number;
}

export interface SafetensorsHeader {
  metadata: Record<string, string>;
  tensors: Map<string, TensorEntry>;
}

/** The length field in front of the header, a little-endian u64. */
export const lengthBytes = 8;
/** The format's own limit; a larger length means that this is some other kind of file. */
export const maxHeaderBytes = 100_000_000;

const dimension = z.int().nonnegative();
const metadataSchema = z.record(z.string(), z.string());
const tensorSchema = z.object({
  dtype: z.enum(Object.keys(elementSizes) as [ElementKind, ...ElementKind[]]),
  shape: z.array(dimension),
  data_offsets: z.tuple([dimension, dimension]),
});

/**
 * Reads the JSON header of a safetensors file (`json`, without the length field) and checks it against the file's
 * size in bytes: the tensors must fill the data section without overlap, hole or rest.
 * Anything else is FILE_INVALID, naming the file and, where there is one, the tensor.
 */
export function parseSafetensorsHeader(path: string, json: Uint8Array, fileSize: number): SafetensorsHeader {
  const dataStart = lengthBytes + json.byteLength;
  const tensors: TensorEntry[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseJsonObject(path, json))) {
    if (name === '__metadata__') metadata = check(path, '__metadata__', metadataSchema, value);
    else tensors.push(parseEntry(path, name, value, dataStart));
  }
  tensors.sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength);
  checkTiling(path, tensors, dataStart, fileSize);
  return { metadata, tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])) };
}

function parseJsonObject(path: string, json: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw invalidFile(path, `the header is not JSON (${error instanceof Error ? error.message : error})`);
  }
  throw invalidFile(path, 'the header is not a JSON object');
}

function parseEntry(path: string, name: string, value: unknown, dataStart: number): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = check(path, `tensor "${name}"`, tensorSchema, value);
  const [begin, end] = offsets;
  const byteLength = tensorBytes(dtype, shape);
  if (end - begin !== byteLength) {
    const wanted = `${dtype} [${shape.join(', ')}] takes ${byteLength} bytes`;
    throw invalidFile(path, `tensor "${name}": ${wanted}, the header gives it ${end - begin}`);
  }
  return { name, dtype, shape, offset: dataStart + begin, byteLength };
}

function check<T>(path: string, subject: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalidFile(path, `${subject}: ${[...issue.path, issue.message].join(' ')}`);
}

function checkTiling(path: string, tensors: readonly TensorEntry[], dataStart: number, fileSize: number): void {
  let end = dataStart;
  for (const { name, offset, byteLength } of tensors) {
    if (offset !== end) {
      const kind = offset < end ? 'overlaps the tensor before it' : 'leaves a hole before it';
      throw invalidFile(path, `tensor "${name}" ${kind}: expected it at byte ${end}, found it at ${offset}`);
    }
    end += byteLength;
    if (end > fileSize) {
      const found = Math.max(0, fileSize - offset);
      throw invalidFile(path, `truncated: tensor "${name}" has ${byteLength} bytes, expected, found ${found}`);
    }
  }
  if (end !== fileSize)
    throw invalidFile(path, `expected ${end} bytes, found ${fileSize}: there is data after the last tensor`);
}

/** Bytes a tensor takes, without padding. */
export function tensorBytes(dtype: ElementKind, shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, elementSizes[dtype]);
}

/** An error about the file itself; the advice is the same for every kind of damage. */
export function invalidFile(path: string, problem: string): StrataError {
  return new StrataError('FILE_INVALID', `${path}: not a sound safetensors file: ${problem}; get the file again`);
}

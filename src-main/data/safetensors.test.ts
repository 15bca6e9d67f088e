import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isStrataError, StrataError } from '../contract/errors.ts';
import {
  type ElementKind,
  readSafetensorsIndex,
  readTensor,
  readTensorRaw,
  type TensorToWrite,
  writeSafetensors,
} from './safetensors.ts';
import { elementSizes, tensorBytes } from './safetensors-header.ts';

let dir: string;
let path: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-safetensors-'));
  path = join(dir, 'file.safetensors');
});
afterAll(() => rm(dir, { recursive: true }));

const name = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => text !== '__metadata__');
const tensor = fc
  .record({
    name,
    dtype: fc.constantFrom(...(Object.keys(elementSizes) as ElementKind[])),
    shape: fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
  })
  .chain(({ dtype, shape, ...rest }) => {
    const length = tensorBytes(dtype, shape);
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => ({ ...rest, dtype, shape, data }));
  });
const tensors = fc.uniqueArray(tensor, { selector: (item) => item.name, maxLength: 6 });
const metadata = fc.dictionary(
  name.filter((key) => key !== '__proto__'),
  fc.string({ unit: 'grapheme' }),
  { noNullPrototype: true },
);

const sample: TensorToWrite[] = [
  { name: 'weight', dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-20, -7) },
  { name: 'ids', dtype: 'I64', shape: [2], data: BigInt64Array.of(5n, -6n) },
  { name: 'flags', dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) },
];

/** Puts `header` in front of `data` as a safetensors file. */
function file(header: unknown, data = new Uint8Array()): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.byteLength));
  return Buffer.concat([length, json, data]);
}

describe('writing and reading', () => {
  test('any tensors and metadata come back as they were', async () => {
    await fc.assert(
      fc.asyncProperty(tensors, metadata, async (written, note) => {
        await writeSafetensors(path, written, note);
        const index = await readSafetensorsIndex(path);
        expect(index.metadata).toEqual(note);
        expect([...index.tensors.keys()].sort()).toEqual(written.map((item) => item.name).sort());
        for (const { name, dtype, shape, data } of written) {
          expect(index.tensors.get(name)).toMatchObject({ dtype, shape, byteLength: data.byteLength });
          expect(Buffer.compare(await readTensorRaw(index, name), data)).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the bytes do not depend on the order given, and every tensor is aligned', async () => {
    await writeSafetensors(path, sample, { b: '2', a: '1' });
    const first = await readFile(path);
    await writeSafetensors(path, sample.toReversed(), { a: '1', b: '2' });
    expect(first.equals(await readFile(path))).toBe(true);
    for (const { offset, dtype } of (await readSafetensorsIndex(path)).tensors.values()) {
      expect(offset % elementSizes[dtype]).toBe(0);
    }
  });

  test('floating-point types are read as single precision', async () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000);
    await writeSafetensors(path, [
      { name: 'f16', dtype: 'F16', shape: [6], data: halves },
      { name: 'bf16', dtype: 'BF16', shape: [2], data: Uint16Array.of(0x3f80, 0xc0a0) },
      { name: 'f64', dtype: 'F64', shape: [2], data: Float64Array.of(0.1, -3) },
      { name: 'f32', dtype: 'F32', shape: [], data: Float32Array.of(0.1) },
      { name: 'i32', dtype: 'I32', shape: [1], data: Int32Array.of(1) },
    ]);
    const index = await readSafetensorsIndex(path);
    expect(await readTensor(index, 'f16')).toEqual(Float32Array.of(1, -2, 2 ** -24, 65504, Infinity, -0));
    expect(await readTensor(index, 'bf16')).toEqual(Float32Array.of(1, -5));
    expect(await readTensor(index, 'f64')).toEqual(Float32Array.of(0.1, -3));
    expect(await readTensor(index, 'f32')).toEqual(Float32Array.of(0.1));
    await expect(readTensor(index, 'i32')).rejects.toThrow('tensor "i32": expected F32, F16, BF16 or F64, found I32');
    await expect(readTensor(index, 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a failed write leaves the old file and nothing else', async () => {
    await writeSafetensors(path, sample);
    const before = await readFile(path);
    const wrong = { name: 'x', dtype: 'F32', shape: [2], data: new Float32Array(3) } as const;
    await expect(writeSafetensors(path, [wrong])).rejects.toThrow(TypeError);
    await expect(writeSafetensors(path, [sample[0], sample[0]])).rejects.toThrow('"weight" is taken');
    await expect(writeSafetensors(join(path, 'below-a-file'), sample)).rejects.toThrow();
    expect(before.equals(await readFile(path))).toBe(true);
    expect(await readdir(dir)).toEqual(['file.safetensors']);
  });
});

describe('damaged files', () => {
  test('every truncation is FILE_INVALID and names the file', async () => {
    await writeSafetensors(path, sample, { format: 'pt' });
    const { size } = await stat(path);
    for (let length = size - 1; length >= 0; length--) {
      await truncate(path, length);
      const error: unknown = await readSafetensorsIndex(path).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StrataError);
      expect(error).toMatchObject({ code: 'FILE_INVALID', message: expect.stringContaining(path) });
    }
  });

  test('a truncated tensor is named with its expected and found bytes', async () => {
    await writeSafetensors(path, sample);
    await truncate(path, (await stat(path)).size - 10);
    await expect(readSafetensorsIndex(path)).rejects.toThrow('tensor "weight" has 24 bytes, expected, found 17');
  });

  test('a file that shrinks after its index was read is FILE_INVALID', async () => {
    await writeSafetensors(path, sample);
    const index = await readSafetensorsIndex(path);
    await truncate(path, index.fileSize - 1);
    await expect(readTensorRaw(index, 'flags')).rejects.toMatchObject({ code: 'FILE_INVALID' });
  });

  test('a corrupted header is an error or still a sound index', async () => {
    await writeSafetensors(path, sample, { format: 'pt' });
    const sound = await readFile(path);
    const headerEnd = 8 + Number(sound.readBigUInt64LE());
    const change = fc.tuple(fc.nat({ max: headerEnd - 1 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const damaged = Buffer.from(sound);
        for (const [position, byte] of changes) damaged[position] = byte;
        await writeFile(path, damaged);
        try {
          const index = await readSafetensorsIndex(path);
          const bytes = [...index.tensors.values()].reduce((sum, entry) => sum + entry.byteLength, 0);
          expect(bytes).toBeLessThan(damaged.byteLength - 8);
          for (const name of index.tensors.keys()) await readTensorRaw(index, name);
        } catch (error) {
          if (!isStrataError(error)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['not JSON', file('{nope}'), 'the header is not JSON'],
    ['not UTF-8', file('', Uint8Array.of(0xff, 0xff)), 'a header of 0 bytes'],
    ['an array', file('[]'), 'not a JSON object'],
    ['an unknown type', file({ a: { dtype: 'X9', shape: [], data_offsets: [0, 0] } }), 'tensor "a": dtype'],
    ['a negative size', file({ a: { dtype: 'U8', shape: [-1], data_offsets: [0, 0] } }), 'tensor "a": shape 0'],
    [
      'another size',
      file({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }),
      'takes 8 bytes, the header gives it 4',
    ],
    ['a hole', file({ a: { dtype: 'U8', shape: [1], data_offsets: [1, 2] } }, new Uint8Array(2)), 'leaves a hole'],
    [
      'an overlap',
      file(
        {
          a: { dtype: 'U8', shape: [2], data_offsets: [0, 2] },
          b: { dtype: 'U8', shape: [2], data_offsets: [1, 3] },
        },
        new Uint8Array(3),
      ),
      'tensor "b" overlaps',
    ],
    [
      'a rest',
      file({ a: { dtype: 'U8', shape: [1], data_offsets: [0, 1] } }, new Uint8Array(2)),
      'after the last tensor',
    ],
    ['metadata of other kinds', file({ __metadata__: { a: 1 } }), '__metadata__: a'],
  ])('%s is FILE_INVALID', async (_kind, bytes, problem) => {
    await writeFile(path, bytes);
    await expect(readSafetensorsIndex(path)).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining(problem),
    });
  });

  test('a missing file and a folder are said to be so', async () => {
    await expect(readSafetensorsIndex(join(dir, 'absent'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(readSafetensorsIndex(dir)).rejects.toThrow('not a regular file');
  });
});

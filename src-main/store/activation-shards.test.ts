import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeFloat16, float16Values } from '../core/float16.ts';
import {
  ActivationShards,
  imagesPerPart,
  partCount,
  type ShardSpec,
  shardBytes,
  shardKey,
} from './activation-shards.ts';

/** 17 images a part, so that a set of a few dozen images has several parts. */
const spec: ShardSpec = {
  model: 'model',
  dataset: 'dataset',
  split: 'train',
  images: 40,
  preprocess: {},
  patchesPerImage: 9,
  tokenSeed: 0,
  tokensPerImage: 10,
  layers: 12,
  width: 8192,
};
const small: ShardSpec = { ...spec, layers: 2, width: 3 };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strata-shards-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Row `token` holds token * 0.25 + column, which halves hold exactly. */
function rowsOf({ layers, width, tokensPerImage }: ShardSpec, first: number, images: number): Uint16Array {
  const size = layers * 2 * width;
  const rows = new Uint16Array(images * tokensPerImage * size);
  const values = new Float32Array(size);
  for (let token = 0; token < images * tokensPerImage; token++) {
    values.forEach((_, column) => {
      values[column] = (first * tokensPerImage + token) * 0.25 + (column % 16);
    });
    encodeFloat16(values, rows, token * size);
  }
  return rows;
}

async function* batches(of: ShardSpec, first: number, end: number, size = 7) {
  for (let at = first; at < end; at += size) yield rowsOf(of, at, Math.min(size, end - at));
}

async function writeAll(of: ShardSpec): Promise<ActivationShards> {
  const shards = new ActivationShards(root, of);
  for (let part = 0; part < partCount(of); part++) {
    const { first, end } = shards.imagesOfPart(part);
    await shards.writePart(part, batches(of, first, end));
  }
  return shards;
}

test('rows come back as they were written, in any order, across parts', async () => {
  expect(partCount(spec)).toBeGreaterThan(1);
  const shards = await writeAll(spec);
  expect(shards.complete).toBe(true);
  const size = spec.layers * 2 * spec.width;
  fc.assert(
    fc.property(fc.array(fc.nat({ max: shards.tokens - 1 }), { minLength: 1, maxLength: 20 }), (tokens) => {
      const target = new Uint16Array(tokens.length * size);
      shards.readRows(tokens, target);
      tokens.forEach((token, at) => {
        expect(float16Values[target[at * size]]).toBe(token * 0.25);
        expect(float16Values[target[(at + 1) * size - 1]]).toBe(token * 0.25 + 15);
      });
    }),
    { numRuns: 30 },
  );
  const written = readdirSync(shards.dir).filter((name) => name.endsWith('.acts'));
  const bytes = written.reduce((sum, name) => sum + readFileSync(join(shards.dir, name)).length, 0);
  expect(bytes).toBe(shardBytes(spec));
  shards.close();
});

test('the sums of the parts are the sums of all rows', async () => {
  const shards = await writeAll(small);
  const sums = shards.statisticsSums();
  expect(sums.tokens).toBe(400);
  const expected = Array.from({ length: 400 }, (_, token) => token * 0.25).reduce((a, b) => a + b, 0);
  expect(sums.sum[0]).toBeCloseTo(expected, 6);
  expect(sums.sum[5]).toBeCloseTo(expected + 5 * 400, 6);
  shards.close();
});

test('a part that is cut short does not appear, and writing it again gives the same bytes as never failing', async () => {
  const straight = await writeAll(spec);
  const path = join(straight.dir, 'part-00001.acts');
  const expected = readFileSync(path);
  rmSync(path);
  const { first, end } = straight.imagesOfPart(1);
  async function* broken() {
    yield* batches(spec, first, first + 7);
    throw new Error('cut');
  }
  await expect(straight.writePart(1, broken())).rejects.toThrow('cut');
  await expect(straight.writePart(1, batches(spec, first, end - 1))).rejects.toThrow('tokens instead of');
  expect(straight.complete).toBe(false);
  expect(readdirSync(straight.dir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  await straight.writePart(1, batches(spec, first, end, 5));
  expect(readFileSync(path).equals(expected)).toBe(true);
});

test('what a killed process left is removed, what a living one writes is not', () => {
  const shards = new ActivationShards(root, small);
  const [dead, own] = [join(shards.dir, 'part-00000.acts.999999999.tmp'), join(shards.dir, `p.${process.pid}.tmp`)];
  for (const path of [dead, own]) writeFileSync(path, 'half');
  shards.removeLeftovers();
  expect(readdirSync(shards.dir).sort()).toEqual([`p.${process.pid}.tmp`, 'manifest.json'].sort());
});

test('the key changes with everything that decides the bytes', () => {
  const keys = new Set([
    shardKey(small),
    ...Object.entries({
      model: 'x',
      dataset: 'x',
      images: 41,
      tokenSeed: 1,
      patchesPerImage: 8,
      preprocess: { a: 1 },
    }).map(([key, value]) => shardKey({ ...small, [key]: value })),
  ]);
  expect(keys.size).toBe(7);
  expect(imagesPerPart({ ...small, width: 10 ** 7 })).toBe(1);
});

test('damage is named, not read over', async () => {
  const shards = await writeAll(small);
  const part = join(shards.dir, 'part-00000.acts');
  truncateSync(part, 1000);
  expect(() => shards.readRows([399], new Uint16Array(12))).toThrow(/part-00000.acts: damaged activation shard/);
  shards.close();
  writeFileSync(part, 'something else entirely');
  expect(() => shards.readRows([0], new Uint16Array(12))).toThrow(/its header is not that of this set/);
  shards.close();
  writeFileSync(join(shards.dir, 'manifest.json'), '{"format":"other"}');
  expect(() => new ActivationShards(root, small)).toThrow(/not the manifest of these shards/);
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { retrievalGroups } from '../core/pooled-code.ts';
import { Rng } from '../core/rng.ts';
import { codeAt, sparseCode } from '../core/sparse-codes.ts';
import { CodeIndex } from './code-index.ts';
import { CodeIndexWriter } from './code-index-writer.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'strata-index-'));
});
afterAll(() => rmSync(root, { recursive: true }));

const spec = { layers: 2, features: 40, madeFrom: 'a hash' };

interface IndexedImage {
  image: number;
  cls: Float32Array;
  patches: Float32Array;
}

function randomImages(count: number, columns: number, seed: number): IndexedImage[] {
  const rng = new Rng(seed, 'codes');
  const code = (share: number) =>
    Float32Array.from({ length: columns }, () => (rng.uniform() < share ? rng.uniform() * 4 - 2 : 0));
  return Array.from({ length: count }, (_, at) => ({
    image: 3 * at + rng.below(3),
    cls: code(0.1),
    patches: code(0.6),
  }));
}

function write(name: string, images: readonly IndexedImage[], of = spec): string {
  const dir = join(root, name);
  const writer = new CodeIndexWriter(dir, of);
  for (const { image, ...codes } of images) writer.add(image, codes);
  writer.finish();
  writer.abandon();
  return dir;
}

describe('a code index', () => {
  test('gives back every code, rounded to half precision, as a whole and row by row', () => {
    const images = randomImages(50, spec.layers * spec.features, 1);
    const index = new CodeIndex(write('round-trip', images));
    expect(Array.from(index.images)).toEqual(images.map(({ image }) => image));
    expect(index.manifest).toMatchObject({ ...spec, rows: 50 });
    for (const group of retrievalGroups) {
      for (let layer = 0; layer < spec.layers; layer++) {
        const codes = index.codes(layer, group);
        images.forEach((image, row) => {
          const own = sparseCode(image[group].subarray(layer * spec.features, (layer + 1) * spec.features));
          expect(codeAt(codes, row)).toEqual(own);
          expect(index.code(layer, group, row)).toEqual(own);
          expect(index.rowOf(image.image)).toBe(row);
        });
      }
    }
    expect(index.rowOf(10_000)).toBeUndefined();
  });

  test('may be empty, and may have more features than 16 bits count', () => {
    expect(new CodeIndex(write('empty', [])).codes(1, 'cls').indptr).toEqual(Uint32Array.of(0));
    const wide = { layers: 1, features: 70_000, madeFrom: 'x' };
    const code = new Float32Array(wide.features);
    code[69_999] = 2;
    const index = new CodeIndex(write('wide', [{ image: 4, cls: code, patches: code }], wide));
    expect(Array.from(index.codes(0, 'patches').indices)).toEqual([69_999]);
  });

  test('has the same bytes however many entries are written at a time', () => {
    // Far more than a writer holds back, against files made in one piece from the same codes.
    const images = randomImages(700, spec.layers * spec.features, 2);
    const dir = write('long', images);
    const concatenated = { cls: [] as number[], patches: [] as number[] };
    for (const group of retrievalGroups) {
      for (const image of images) {
        concatenated[group].push(...Array.from(sparseCode(image[group].subarray(0, spec.features)).indices));
      }
      const bytes = readFileSync(join(dir, `${group}-00.indices.u16`));
      expect(bytes.equals(Buffer.from(Uint16Array.from(concatenated[group]).buffer))).toBe(true);
    }
  });

  test('appears when it is complete; what a killed writer left goes, and so does an earlier index', () => {
    const dir = join(root, 'late');
    const killed = new CodeIndexWriter(dir, spec);
    killed.add(0, randomImages(1, spec.layers * spec.features, 3)[0]);
    expect(existsSync(dir)).toBe(false);
    expect(() => new CodeIndex(dir)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    write('late', randomImages(3, spec.layers * spec.features, 4));
    write('late', randomImages(5, spec.layers * spec.features, 5));
    expect(new CodeIndex(dir).manifest.rows).toBe(5);
    const abandoned = new CodeIndexWriter(join(root, 'never'), spec);
    abandoned.abandon();
    expect(readdirSync(root).filter((name) => name.includes('partial') || name === 'never')).toEqual([]);
  });

  test('refuses images out of order', () => {
    const writer = new CodeIndexWriter(join(root, 'order'), spec);
    const [codes] = randomImages(1, spec.layers * spec.features, 6);
    writer.add(5, codes);
    expect(() => writer.add(5, codes)).toThrow('the order must ascend');
    writer.abandon();
  });
});

describe('a damaged code index is refused, naming the file', () => {
  const images = () => randomImages(20, spec.layers * spec.features, 7);
  const open = (dir: string) => {
    const index = new CodeIndex(dir);
    for (const group of retrievalGroups) for (let layer = 0; layer < spec.layers; layer++) index.codes(layer, group);
  };
  const damages: [string, RegExp, (dir: string) => void][] = [
    ['no manifest', /no code index/, (dir) => rmSync(join(dir, 'manifest.json'))],
    ['not JSON', /manifest\.json/, (dir) => writeFileSync(join(dir, 'manifest.json'), '{')],
    ['another version', /manifest\.json.*version/, (dir) => patch(dir, { version: 2 })],
    ['too few layers', /manifest\.json.*entries/, (dir) => patch(dir, { layers: 1 })],
    ['cut short', /patches-01\.values\.f16/, (dir) => truncateSync(join(dir, 'patches-01.values.f16'), 6)],
    ['missing file', /cls-00\.indices\.u16/, (dir) => rmSync(join(dir, 'cls-00.indices.u16'))],
    ['rows', /cls-01\.indptr\.u32/, (dir) => overwrite(dir, 'cls-01.indptr.u32', 0, 0xff)],
    ['features', /patches-00\.indices\.u16/, (dir) => overwrite(dir, 'patches-00.indices.u16', 3, 0xff)],
    ['values', /cls-00\.values\.f16/, (dir) => overwrite(dir, 'cls-00.values.f16', 1, 0x7c)],
    ['images', /images\.u32/, (dir) => overwrite(dir, 'images.u32', 0, 0xff)],
  ];
  test.each(damages)('%s', (name, message, damage) => {
    const dir = write(`damaged-${name}`, images());
    open(dir);
    damage(dir);
    expect(() => open(dir)).toThrow(message);
  });

  test('any changed byte of any file is either harmless or a StrataError', () => {
    const dir = write('fuzzed', images());
    const files = readdirSync(dir);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (file, at, change) => {
        const path = join(dir, files[file % files.length]);
        const bytes = readFileSync(path);
        const changed = Buffer.from(bytes);
        changed[at % bytes.length] ^= change;
        writeFileSync(path, changed);
        try {
          open(dir);
        } catch (error) {
          expect(error).toMatchObject({ name: 'StrataError' });
        } finally {
          writeFileSync(path, bytes);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function patch(dir: string, change: object): void {
  const path = join(dir, 'manifest.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
}

function overwrite(dir: string, name: string, at: number, value: number): void {
  const bytes = readFileSync(join(dir, name));
  bytes[at] = value;
  writeFileSync(join(dir, name), bytes);
}

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ImportedImage, importDataset, type OpenDataset, openDataset, type SkippedImage } from './index.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'strata-import-'));
});
afterEach(() => rm(root, { recursive: true }));

async function put(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), bytes);
}

function png(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: { r: width, g: height, b: 0 } } })
    .png()
    .toBuffer();
}

async function importAll(dataset: OpenDataset, signal?: AbortSignal) {
  const images: ImportedImage[] = [];
  const skipped: SkippedImage[] = [];
  const progress: string[] = [];
  const result = await importDataset(dataset, {
    signal,
    onImage: (image) => void images.push(image),
    onSkipped: (image) => void skipped.push(image),
    onProgress: ({ done, total }) => progress.push(`${done}/${total}`),
  });
  return { result, images, skipped, progress };
}

test('images come in order, with size and hash; corrupt ones are skipped and told', async () => {
  const first = await png(3, 4);
  await put('train/a/1.png', first);
  await put('train/a/2.png', first.subarray(0, 40));
  await put('train/b/3.jpg', 'not an image');
  await put('train/b/4.png', await png(200, 300));
  await put('test/a/5.png', await png(1, 1));
  await symlink(join(root, 'nowhere'), join(root, 'test/a/6.png'));
  const { result, images, skipped, progress } = await importAll(await openDataset(root, { seed: 0 }));
  expect(images.map(({ path, width, height }) => [path, width, height])).toEqual([
    ['test/a/5.png', 1, 1],
    ['train/a/1.png', 3, 4],
    ['train/b/4.png', 200, 300],
  ]);
  expect(images[1].sha256).toBe(createHash('sha256').update(first).digest('hex'));
  expect(skipped.map(({ path }) => path)).toEqual(['test/a/6.png', 'train/a/2.png', 'train/b/3.jpg']);
  expect(skipped[2].reason).toContain('not a PNG, JPEG or WebP file');
  expect(result).toMatchObject({ images: 3, skipped: 3, bySplit: { train: 2, test: 1 } });
  expect(progress.at(-1)).toBe('6/6');
});

test('the hash changes with a path or a content, and not otherwise', async () => {
  const hash = async () => (await importAll(await openDataset(root, { seed: 0 }))).result.sha256;
  await put('a/1.png', await png(2, 2));
  await put('b/1.png', await png(2, 3));
  const before = await hash();
  await put('b/notes.txt', 'notes');
  expect(await hash()).toBe(before);
  await put('b/1.png', await png(3, 2));
  const changed = await hash();
  expect(changed).not.toBe(before);
  await rm(join(root, 'b/1.png'));
  await put('b/2.png', await png(3, 2));
  expect(await hash()).not.toBe(changed);
});

test('a fired signal ends it, and so does an error of the caller', async () => {
  for (let i = 0; i < 30; i++) await put(`a/${i}.png`, await png(5, 5));
  const dataset = await openDataset(root, { seed: 0 });
  await expect(importAll(dataset, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  const failing = importDataset(dataset, {
    onImage: () => {
      throw new Error('disk on fire');
    },
    onSkipped: () => {},
  });
  await expect(failing).rejects.toThrow('disk on fire');
});

test('the embedded data set: every image decodes', async () => {
  const dataset = await openDataset('resources/emoji/emoji-10665.tar', { seed: 0 });
  const { result, images } = await importAll(dataset);
  await dataset.close();
  expect(result).toMatchObject({ images: 10665, skipped: 0, bySplit: { train: 8725, test: 1222, 'test-unseen': 718 } });
  expect(images.every(({ width, height }) => width === 64 && height === 64)).toBe(true);
});

import { execFileSync } from 'node:child_process';
import { cp, link, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isStrataError } from '../../contract/errors.ts';
import { type FormatId, type ImageEntry, type OpenDataset, openDataset, openImageReader } from './index.ts';

let dir: string;
let root: string;
let archive: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-datasets-'));
  root = join(dir, 'set');
  archive = join(dir, 'set.tar');
});
afterEach(() => rm(dir, { recursive: true }));

/** Files of a few bytes, telling them apart by their path; opening a data set does not decode them. */
async function writeTree(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), path.repeat(20));
  }
}

function pack(...options: string[]): void {
  execFileSync('tar', ['-cf', archive, ...options, '-C', root, '.']);
}

async function contents(dataset: OpenDataset): Promise<Omit<ImageEntry, 'offset'>[]> {
  const found: Omit<ImageEntry, 'offset'>[] = [];
  for await (const { offset: _, ...entry } of dataset.entries()) found.push(entry);
  return found;
}

async function openAndList(path: string, format?: FormatId) {
  const dataset = await openDataset(path, { seed: 0, format });
  try {
    return { ...dataset, images: await contents(dataset) };
  } finally {
    await dataset.close();
  }
}

const tree = ['train/cat/1.png', 'train/cat/2.JPG', 'train/a_dog/x/3.webp', 'test/cat/4.jpeg', 'other/cat/5.png'];

describe('a folder', () => {
  test('images by path, with split, class and size', async () => {
    await writeTree(tree);
    const { format, classes, count, images } = await openAndList(root);
    expect({ format, count }).toEqual({ format: 'imagefolder', count: 5 });
    expect(classes.map(({ name }) => name)).toEqual(['a dog', 'cat']);
    expect(images).toEqual([
      { path: 'other/cat/5.png', split: 'other', classIndex: 1, size: 300 },
      { path: 'test/cat/4.jpeg', split: 'test', classIndex: 1, size: 300 },
      { path: 'train/a_dog/x/3.webp', split: 'train', classIndex: 0, size: 400 },
      { path: 'train/cat/1.png', split: 'train', classIndex: 1, size: 300 },
      { path: 'train/cat/2.JPG', split: 'train', classIndex: 1, size: 300 },
    ]);
  });

  test('hidden files, other kinds and images outside classes are counted, not listed', async () => {
    await writeTree([...tree, 'train/cat/.hidden.png', '.git/a/b.png', 'train/cat/notes.txt', 'train/x.png', 'y.png']);
    const { count, ignored } = await openAndList(root);
    expect({ count, ignored }).toEqual({ count: 5, ignored: 5 });
  });

  test('labels.json names the classes and does not count as one', async () => {
    await writeTree(tree);
    const classes = [{ slug: 'cat', name: 'house cat' }];
    await writeFile(join(root, 'labels.json'), JSON.stringify({ classes }));
    const found = await openAndList(root);
    expect(found.classes.map(({ name }) => name)).toEqual(['house cat', 'a dog']);
    expect(found.images[0].classIndex).toBe(0);
    await writeFile(join(root, 'labels.json'), '[]');
    await expect(openDataset(root, { seed: 0 })).rejects.toMatchObject({ code: 'DATASET_INVALID' });
  });

  test('links are followed, but not round and round', async () => {
    await writeTree(['a/1.png', 'b/2.png']);
    await symlink(join(root, 'a'), join(root, 'c'));
    await symlink(root, join(root, 'b', 'up'));
    await symlink(join(root, 'nothing'), join(root, 'b', 'broken.png'));
    const { images } = await openAndList(root);
    expect(images.map(({ path }) => path)).toEqual(['a/1.png', 'b/2.png', 'b/broken.png', 'c/1.png']);
    const reader = await openImageReader(root, 'imagefolder');
    await expect(reader.read({ path: 'b/broken.png', size: 0 })).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });

  test('without an image, with a file of another kind, with nothing', async () => {
    await writeTree(['a/notes.txt', 'x.png']);
    await expect(openDataset(root, { seed: 0 })).rejects.toThrow("no image in a class's folder");
    await expect(openDataset(join(root, 'x.png'), { seed: 0 })).rejects.toThrow('expected a folder of class folders');
    await expect(openDataset(root, { seed: 0, format: 'tar' })).rejects.toThrow('expected a tar archive');
    await expect(openDataset(join(root, 'absent'), { seed: 0 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a tar archive', () => {
  const deep = `train/${'folder-'.repeat(10)}/${'long-'.repeat(18)}`;
  const difficult = [...tree, 'train/Füße/日本語 🦜.png', `${deep}.png`];
  const veryLong = `train/${'folder-'.repeat(30)}/${'sub-'.repeat(40)}/${'name-'.repeat(40)}.png`;

  test.each([
    ['ustar', difficult],
    ['gnu', [...difficult, veryLong]],
    ['pax', [...difficult, veryLong]],
    ['v7', tree],
  ])('of format %s holds what the folder holds', async (format, paths) => {
    await writeTree(paths);
    pack(`--format=${format}`);
    const unpacked = await openAndList(root);
    const dataset = await openDataset(archive, { seed: 0 });
    const { classes, count, unreadable } = dataset;
    expect({ classes, count, unreadable }).toEqual({ classes: unpacked.classes, count: paths.length, unreadable: [] });
    expect(await contents(dataset)).toEqual(unpacked.images);
    await dataset.close();
  });

  test('images are read in any order, also without listing them', async () => {
    await writeTree(difficult);
    pack('--format=pax');
    const dataset = await openDataset(archive, { seed: 0 });
    const reader = await openImageReader(archive, 'tar');
    for await (const entry of dataset.entries()) {
      const expected = await readFile(join(root, entry.path));
      expect(expected.equals(await dataset.read(entry))).toBe(true);
      expect(expected.equals(await reader.read(entry))).toBe(true);
    }
    await dataset.close();
    await reader.close();
  });

  test('of a folder with its name, with links and with a file put in twice', async () => {
    await writeTree(['a/1.png', 'b/2.png']);
    await link(join(root, 'a/1.png'), join(root, 'b/hard.png'));
    await symlink('2.png', join(root, 'b/soft.png'));
    execFileSync('tar', ['-cf', archive, '-C', dir, 'set/a', 'set/b']);
    await writeFile(join(root, 'a/1.png'), 'new');
    execFileSync('tar', ['-rf', archive, '-C', dir, 'set/a/1.png']);
    const { images, unreadable } = await openAndList(archive);
    expect(images.map(({ path, size, classIndex }) => [path, size, classIndex])).toEqual([
      ['set/a/1.png', 3, 0],
      ['set/b/2.png', 140, 1],
      ['set/b/hard.png', 140, 1],
    ]);
    expect(unreadable).toEqual([{ path: 'set/b/soft.png', reason: expect.stringContaining('symbolic link') }]);
  });

  test('the embedded one, with its labels beside it', async () => {
    const { count, ignored, classes, images } = await openAndList('resources/emoji/emoji-10665.tar');
    expect({ count, ignored }).toEqual({ count: 10665, ignored: 0 });
    expect(classes).toHaveLength(82);
    const splits = Map.groupBy(images, ({ split }) => split);
    expect([...splits].map(([split, { length }]) => [split, length])).toEqual([
      ['test-unseen', 718],
      ['test', 1222],
      ['train', 8725],
    ]);
    const heart = images.find(({ path }) => path.startsWith('test/heart/'));
    expect(classes[heart?.classIndex ?? -1].name).toBe('heart');
  });

  test('truncated anywhere: what is left is read, what is lost is named', async () => {
    await writeTree(['a/1.png', 'b/2.png', `b/${'long-'.repeat(30)}.png`]);
    pack('--format=gnu', '--blocking-factor=1');
    const whole = join(dir, 'whole.tar');
    await cp(archive, whole);
    const { length } = await readFile(whole);
    for (let left = length - 1024; left > 0; left -= 97) {
      await cp(whole, archive);
      await truncate(archive, left);
      const dataset = await openDataset(archive, { seed: 0 }).catch((error: unknown) => error);
      if (isStrataError(dataset)) {
        expect(dataset.code).toBe('DATASET_INVALID');
        continue;
      }
      const { unreadable, entries, read, close } = dataset as OpenDataset;
      expect(unreadable.length).toBeGreaterThan(0);
      for await (const entry of entries()) {
        expect(Buffer.from(await read(entry)).toString()).toBe(entry.path.repeat(20));
      }
      await close();
    }
  });

  test('with wrong bytes anywhere: an error, or a list whose images lie inside it', async () => {
    await writeTree(['a/1.png', 'b/2.png', `b/${'long-'.repeat(30)}.png`]);
    pack('--format=pax');
    const sound = await readFile(archive);
    const change = fc.tuple(fc.nat({ max: 8000 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const damaged = Buffer.from(sound);
        for (const [position, byte] of changes) damaged[position] = byte;
        await writeFile(archive, damaged);
        try {
          const dataset = await openDataset(archive, { seed: 0 });
          for await (const entry of dataset.entries()) {
            expect(await dataset.read(entry)).toHaveLength(entry.size);
          }
          await dataset.close();
        } catch (error) {
          if (!isStrataError(error)) throw error;
        }
      }),
      { numRuns: 100 },
    );
  });

  test('of any name, when its format is given', async () => {
    await writeTree(['a/1.png']);
    archive = join(dir, 'archive.dat');
    pack();
    expect((await openAndList(archive, 'tar')).count).toBe(1);
    await expect(openDataset(archive, { seed: 0 })).rejects.toThrow('not a data set');
  });

  test('compressed, or no archive', async () => {
    await writeTree(['a/1.png']);
    pack('-z');
    await expect(openDataset(archive, { seed: 0 })).rejects.toThrow('not a tar archive, or a compressed one');
    await writeFile(archive, 'hello');
    await expect(openDataset(archive, { seed: 0 })).rejects.toMatchObject({ code: 'DATASET_INVALID' });
  });
});

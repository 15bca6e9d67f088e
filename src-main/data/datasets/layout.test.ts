import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLayout } from './layout.ts';

/** Where each path comes to lie, as "split/class". */
function layOut(paths: string[], seed = 0): (string | null)[] {
  const folders = new Set(paths.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/')))));
  const place = readLayout(folders, { seed });
  return paths.map((path) => {
    const found = place(path);
    return found && `${found.split}/${found.folder}`;
  });
}

test.each<[string, string[], (string | null)[]]>([
  ['train and test', ['train/a/1', 'test/b/2'], ['train/a', 'test/b']],
  ['further splits', ['train/a/1', 'test/a/2', 'test-unseen/a/3'], ['train/a', 'test/a', 'test-unseen/a']],
  ['val for test', ['train/a/1', 'val/a/2', 'validation/a/3'], ['train/a', 'test/a', 'test/a']],
  ['val beside test', ['train/a/1', 'val/a/2', 'test/a/3'], ['train/a', 'val/a', 'test/a']],
  ['a folder around all', ['set/train/a/1', 'set/test/a/2'], ['train/a', 'test/a']],
  ['folders below classes', ['train/a/x/y/1', 'test/a/2'], ['train/a', 'test/a']],
  ['images outside classes', ['train/a/1', 'test/a/2', 'train/3', '4'], ['train/a', 'test/a', null, null]],
])('%s', (_kind, paths, expected) => {
  expect(layOut(paths)).toEqual(expected);
});

test.each([
  ['class folders', ['a/1', 'b/1', 'train/1']],
  ['one class', ['a/1', 'a/2']],
  ['train alone', ['train/a/1', 'train/b/1']],
  ['a folder around classes', ['set/a/1', 'set/b/1']],
])('%s: a split by seed', (_kind, paths) => {
  const classes = layOut(paths).map((found) => found?.replace(/^(train|test)\//, ''));
  expect(classes).toEqual(paths.map((path) => path.split('/').at(-2)));
});

test('a tenth is for testing, depends on seed and path alone', () => {
  const paths = Array.from({ length: 3000 }, (_, i) => `class/${i}.png`);
  const testShare = (found: (string | null)[]) => found.filter((one) => one?.startsWith('test')).length / found.length;
  expect(testShare(layOut(paths))).toBeCloseTo(0.1, 1);
  expect(layOut(paths, 1)).not.toEqual(layOut(paths, 0));
  fc.assert(
    fc.property(fc.subarray(paths, { minLength: 1 }), (some) => {
      const all = new Map(layOut(paths).map((found, i) => [paths[i], found]));
      expect(layOut(some)).toEqual(some.map((path) => all.get(path)));
    }),
    { numRuns: 5 },
  );
});

import { createHash } from 'node:crypto';
import type { SplitOptions } from './format.ts';

/** Which split and class folder an image belongs to; null when it lies in no class's folder. */
export type PlaceImage = (path: string) => { split: string; folder: string } | null;

const validationFolders = ['val', 'validation'];

/**
 * Reads splits and classes off the folders that images lie in (`train/cat/1.png` or `cat/1.png`, deeper folders
 * belonging to the class), given every such folder. A single folder around everything is looked through.
 * Folders `train` and `test`, `val` or `validation` are the splits, and so is every other folder beside them; else each
 * image's split follows from the seed and its path alone, so that adding images moves none of the others.
 */
export function readLayout(folders: Iterable<string>, { seed, testShare = 0.1 }: SplitOptions): PlaceImage {
  const parted = Array.from(folders, (folder) => folder.split('/'));
  const depth = wrapperDepth(parted);
  const splits = new Set<string>();
  for (const parts of parted) {
    const [top, below] = parts.slice(depth);
    if (below !== undefined) splits.add(top);
  }
  const validationIsTest = !splits.has('test');
  const isSplit = splits.has('train') && ['test', ...validationFolders].some((name) => splits.has(name));
  return (path) => {
    const parts = path.split('/').slice(depth, -1);
    const [top, below] = parts;
    if (top === undefined) return null;
    if (!isSplit) return { split: seededSplit(seed, path, testShare), folder: top };
    if (below === undefined) return null;
    return { split: validationIsTest && validationFolders.includes(top) ? 'test' : top, folder: below };
  };
}

/** How many folders stand around all others, leaving at least the classes' own. */
function wrapperDepth(folders: readonly string[][]): number {
  if (folders.length === 0) return 0;
  let depth = 0;
  while (folders.every((parts) => parts.length > depth + 1 && parts[depth] === folders[0][depth])) depth++;
  return depth;
}

function seededSplit(seed: number, path: string, testShare: number): 'train' | 'test' {
  const digest = createHash('sha256').update(`${seed}\0${path}`).digest();
  return digest.readUInt32BE() < testShare * 2 ** 32 ? 'test' : 'train';
}

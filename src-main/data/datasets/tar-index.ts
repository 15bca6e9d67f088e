import type { FileHandle } from 'node:fs/promises';
import { StrataError } from '../../contract/errors.ts';
import type { ImageLocation, SkippedImage } from './format.ts';
import { comparePaths } from './image-tree.ts';
import { TarDamage, tarEntries } from './tar-entries.ts';

export interface TarIndex {
  /** Files by path, sorted; of a path that is there twice, the later one, as when the archive is unpacked. */
  files: Required<ImageLocation>[];
  /** What the archive names but does not hold, and why; under the archive's own path where the rest is lost. */
  unreadable: SkippedImage[];
}

/**
 * Finds where each file of a tar archive lies, without extracting; hard links share their target's place.
 * What comes before damage or a truncated end is kept. DATASET_INVALID when the file is no tar archive at all.
 *
 * The tar packages of npm (tar-stream, tar) read an archive as one stream from its start and do not say where an entry
 * lies in the file; training reads images in random order, so that we keep our own index.
 */
export async function readTarIndex(path: string, handle: FileHandle): Promise<TarIndex> {
  const { size: archiveBytes } = await handle.stat();
  const files = new Map<string, Required<ImageLocation>>();
  const unreadable: SkippedImage[] = [];
  try {
    for await (const { path: name, offset, size, kind, target } of tarEntries(handle)) {
      if (kind === 'other') continue;
      const linked = kind === 'hardlink' && files.get(target);
      if (linked) files.set(name, { ...linked, path: name });
      else if (kind !== 'file') unreadable.push({ path: name, reason: unreadableKinds[kind] });
      else if (offset + size <= archiveBytes) files.set(name, { path: name, offset, size });
      else {
        const found = Math.max(0, archiveBytes - offset);
        unreadable.push({ path: name, reason: `the archive ends inside it: expected ${size} bytes, found ${found}` });
      }
    }
  } catch (error) {
    if (!(error instanceof TarDamage)) throw error;
    if (error.position === 0) {
      throw new StrataError(
        'DATASET_INVALID',
        `${path}: not a tar archive, or a compressed one: unpack it and try again`,
      );
    }
    unreadable.push({ path, reason: `the archive is damaged: ${error.message}; nothing after it was read` });
  }
  return { files: [...files.values()].sort((a, b) => comparePaths(a.path, b.path)), unreadable };
}

const unreadableKinds = {
  hardlink: 'a hard link to a file that is not in the archive before it',
  symlink: 'a symbolic link, which is not followed inside an archive',
  sparse: 'stored as a sparse file, which is not read',
};

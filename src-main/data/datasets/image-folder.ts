import type { Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StrataError } from '../../contract/errors.ts';
import type { DatasetFormat, ImageLocation } from './format.ts';
import { comparePaths, type ImageTree, openImageTree } from './image-tree.ts';

/** A folder of images, one folder a class; labels.json in the folder itself. */
export const imageFolder: DatasetFormat = {
  id: 'imagefolder',
  title: 'a folder of class folders',
  place: 'folder',
  accepts: () => true,
  open: (path, options) =>
    openImageTree(folderTree(path), { format: 'imagefolder', path, labelsPath: join(path, 'labels.json') }, options),
  openReader: async (path) => folderTree(path),
};

function folderTree(root: string): ImageTree {
  return {
    files: () => walk(root, '', []),
    unreadable: [],
    async read({ path }) {
      try {
        return await readFile(join(root, path));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new StrataError('IMAGE_INVALID', `${join(root, path)}: cannot be read (${reason})`, { cause: error });
      }
    },
    close: async () => {},
  };
}

/** Holds one directory's names at a time, so that memory does not grow with the data set. */
async function* walk(root: string, folder: string, parents: readonly string[]): AsyncGenerator<ImageLocation> {
  const place = await realpath(join(root, folder));
  // A link to a folder above would lead round and round.
  if (parents.includes(place)) return;
  const listing = await readdir(place, { withFileTypes: true });
  const names = await Promise.all(listing.map((entry) => sortableName(place, entry)));
  for (const name of names.sort(comparePaths)) {
    if (name.endsWith('/')) yield* walk(root, folder + name, [...parents, place]);
    else yield { path: folder + name, size: await fileSize(join(place, name)) };
  }
}

/** A directory's name ends in '/', which sorts a directory's content just as the full paths would. Links are followed. */
async function sortableName(place: string, entry: Dirent): Promise<string> {
  const isDirectory = entry.isSymbolicLink()
    ? await stat(join(place, entry.name)).then(
        (stats) => stats.isDirectory(),
        () => false,
      )
    : entry.isDirectory();
  return isDirectory ? `${entry.name}/` : entry.name;
}

/** A file that cannot be looked at, such as a link to nothing, is left for read() to complain about. */
function fileSize(path: string): Promise<number> {
  return stat(path).then(
    (stats) => stats.size,
    () => 0,
  );
}

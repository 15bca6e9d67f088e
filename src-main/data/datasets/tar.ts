import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StrataError } from '../../contract/errors.ts';
import type { DatasetFormat } from './format.ts';
import { type ImageTree, openImageTree } from './image-tree.ts';
import { readTarIndex, type TarIndex } from './tar-index.ts';

/** A tar archive of an image folder, read in place; labels.json beside the archive. */
export const tar: DatasetFormat = {
  id: 'tar',
  title: 'a tar archive of class folders',
  place: 'file',
  accepts: (path) => /\.(tar|tgz|tar\.gz)$/i.test(path),
  async open(path, options) {
    const tree = await tarTree(path);
    try {
      const place = { format: 'tar', path, labelsPath: join(dirname(path), 'labels.json') } as const;
      return await openImageTree(tree, place, options);
    } catch (error) {
      await tree.close();
      throw error;
    }
  },
  openReader: tarTree,
};

async function tarTree(path: string): Promise<ImageTree> {
  const handle = await open(path, 'r');
  const unreadable: TarIndex['unreadable'] = [];
  let index: Promise<TarIndex> | undefined;
  return {
    unreadable,
    async *files() {
      index ??= readTarIndex(path, handle);
      const { files, unreadable: found } = await index;
      unreadable.splice(0, unreadable.length, ...found);
      yield* files;
    },
    async read({ path: name, offset, size }) {
      if (offset === undefined) throw new TypeError(`${name}: an image in an archive has an offset`);
      const bytes = new Uint8Array(size);
      const { bytesRead } = await handle.read(bytes, 0, size, offset);
      if (bytesRead === size) return bytes;
      const found = `expected ${size} bytes at byte ${offset}, found ${bytesRead}`;
      throw new StrataError('IMAGE_INVALID', `${path}: ${name}: the archive ends inside it: ${found}`);
    },
    close: () => handle.close(),
  };
}

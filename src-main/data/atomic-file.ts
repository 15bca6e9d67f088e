import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StrataError } from '../contract/errors.ts';

/**
 * Writes a file so that a reader, or a crash at any moment, sees the whole new file or the old state, never a part.
 * `write` fills a temporary file beside `path`; it is synced and renamed into place, then the directory is synced.
 * A full disk gives DISK_FULL; on any failure the temporary file is removed.
 */
export async function writeAtomically(path: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
      throw new StrataError('DISK_FULL', `${path}: the disk is full; free some space and try again`, { cause: error });
    }
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Windows cannot open a directory as a file; its file system journals the rename itself. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

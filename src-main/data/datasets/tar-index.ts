import type { FileHandle } from 'node:fs/promises';
import { StrataError } from '../../contract/errors.ts';
import type { ImageLocation, SkippedImage } from './format.ts';
import { comparePaths } from './image-tree.ts';
import { blockBytes, parsePaxRecords, parseTarHeader, parseText, type TarHeader } from './tar-header.ts';

export interface TarIndex {
  /** Files by path, sorted; of a path that is there twice, the later one, as when the archive is unpacked. */
  files: Required<ImageLocation>[];
  /** What the archive names but does not hold, and why. */
  unreadable: SkippedImage[];
}

/** Long names and pax records are short; more than this is damage. */
const maxNoteBytes = 2 ** 20;
const windowBytes = 16 * 1024;

/**
 * Finds where each file of a tar archive lies, without extracting. ustar, GNU and pax archives, hard links included.
 * What follows a damaged header, or the end of a truncated archive, is named in `unreadable`.
 * DATASET_INVALID when the file is no tar archive at all.
 *
 * The tar packages of npm (tar-stream, tar) read an archive as one stream from its start and do not say where an entry
 * lies in the file; training reads images in random order, so that we keep our own index.
 */
export async function readTarIndex(path: string, handle: FileHandle): Promise<TarIndex> {
  const { size: archiveBytes } = await handle.stat();
  const readAt = windowedReader(handle);
  const files = new Map<string, Required<ImageLocation>>();
  const unreadable: SkippedImage[] = [];
  let notes = new Map<string, string>();
  let position = 0;
  for (;;) {
    const block = await readAt(position, blockBytes);
    if (block.length < blockBytes) {
      if (position === 0) throw notTar(path, 'too short');
      unreadable.push({ path, reason: 'the archive has no end mark: it may be truncated' });
      break;
    }
    if (block.every((byte) => byte === 0)) break;
    const header = parseTarHeader(block);
    if (!header && position === 0)
      throw notTar(path, isGzip(block) ? 'compressed: unpack it with gunzip' : 'no tar header');
    if (!header) {
      unreadable.push({ path, reason: `the header at byte ${position} is damaged: nothing after it was read` });
      break;
    }
    const start = position + blockBytes;
    if (isNote(header)) {
      const content = header.size > maxNoteBytes ? new Uint8Array() : await readAt(start, header.size);
      for (const [key, value] of readNote(header, content)) notes.set(key, value);
      position = start + paddedSize(header.size);
      continue;
    }
    const size = Number(notes.get('size') ?? header.size);
    const name = cleanPath(notes.get('path') ?? header.name);
    if (isSparse(header, notes)) {
      unreadable.push({ path: name, reason: 'stored as a sparse file, which is not read' });
    } else if (header.type === '1') {
      const target = files.get(cleanPath(notes.get('linkpath') ?? header.linkName));
      if (target) files.set(name, { ...target, path: name });
    } else if (isFile(header) && start + size > archiveBytes) {
      const found = Math.max(0, archiveBytes - start);
      unreadable.push({ path: name, reason: `the archive ends inside it: expected ${size} bytes, found ${found}` });
      break;
    } else if (isFile(header)) {
      files.set(name, { path: name, offset: start, size });
    }
    notes = new Map();
    position = start + paddedSize(holdsContent(header) ? size : 0);
  }
  return { files: [...files.values()].sort((a, b) => comparePaths(a.path, b.path)), unreadable };
}

function isFile({ type, name }: TarHeader): boolean {
  return (type === '0' || type === '7') && !name.endsWith('/');
}

/** Links, devices and directories may carry a size, but nothing follows their header. */
function holdsContent({ type }: TarHeader): boolean {
  return !['1', '2', '3', '4', '5', '6'].includes(type);
}

function isSparse({ type }: TarHeader, notes: ReadonlyMap<string, string>): boolean {
  return type === 'S' || [...notes.keys()].some((key) => key.startsWith('GNU.sparse.'));
}

/** Headers that speak of the next one (pax 'x', GNU 'L' and 'K') or of the whole archive (pax 'g'). */
function isNote({ type }: TarHeader): boolean {
  return ['x', 'g', 'L', 'K'].includes(type);
}

function readNote({ type }: TarHeader, content: Uint8Array): Iterable<[string, string]> {
  if (type === 'L') return [['path', parseText(content)]];
  if (type === 'K') return [['linkpath', parseText(content)]];
  // What a global header can say of all files, such as their owner, has no meaning here.
  return (type === 'x' && parsePaxRecords(content)) || [];
}

function cleanPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

function paddedSize(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes;
}

function isGzip(block: Uint8Array): boolean {
  return block[0] === 0x1f && block[1] === 0x8b;
}

function notTar(path: string, found: string): StrataError {
  return new StrataError('DATASET_INVALID', `${path}: expected a tar archive, found ${found}`);
}

/** Reads at a position through a window, since with small images the next header is often in it already. */
function windowedReader(handle: FileHandle): (position: number, length: number) => Promise<Uint8Array> {
  let window = new Uint8Array();
  let windowStart = 0;
  return async (position, length) => {
    if (position < windowStart || position + length > windowStart + window.length) {
      const buffer = new Uint8Array(Math.max(length, windowBytes));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      window = buffer.subarray(0, bytesRead);
      windowStart = position;
    }
    return window.subarray(position - windowStart, position - windowStart + length);
  };
}

import type { FileHandle } from 'node:fs/promises';
import { blockBytes, parsePaxRecords, parseTarHeader, parseText, type TarHeader } from './tar-header.ts';

export interface TarEntry {
  path: string;
  /** Where the content begins in the archive. */
  offset: number;
  size: number;
  kind: 'file' | 'hardlink' | 'symlink' | 'sparse' | 'other';
  /** What a link points at. */
  target: string;
}

/** Nothing can be read from `position` on. */
export class TarDamage extends Error {
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

/** Long names and pax records are short; more than this is damage. */
const maxNoteBytes = 2 ** 20;
const windowBytes = 16 * 1024;
const kinds: Record<string, TarEntry['kind']> = { 0: 'file', 7: 'file', 1: 'hardlink', 2: 'symlink', S: 'sparse' };

/**
 * The entries of a ustar, GNU or pax archive in their order, long names put together; ends with a TarDamage where a
 * header is damaged or where the archive ends without its end mark. An entry's content may lie beyond the file's end.
 */
export async function* tarEntries(handle: FileHandle): AsyncGenerator<TarEntry> {
  const readAt = windowedReader(handle);
  let notes = new Map<string, string>();
  let position = 0;
  for (;;) {
    const block = await readAt(position, blockBytes);
    if (block.length < blockBytes) throw new TarDamage(position, 'it ends without an end mark, so it may be truncated');
    if (block.every((byte) => byte === 0)) return;
    const header = parseTarHeader(block);
    if (!header) throw new TarDamage(position, `the header at byte ${position} is damaged`);
    const offset = position + blockBytes;
    if (isNote(header)) {
      const records = header.size <= maxNoteBytes && readNote(header, await readAt(offset, header.size));
      if (!records) throw new TarDamage(position, `the extended header at byte ${position} is damaged`);
      for (const [key, value] of records) notes.set(key, value);
      position = offset + paddedSize(header.size);
      continue;
    }
    const size = contentSize(header, notes);
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new TarDamage(position, `the size in the extended header before byte ${position} is damaged`);
    }
    const isSparse = [...notes.keys()].some((key) => key.startsWith('GNU.sparse.'));
    const isFolder = header.name.endsWith('/');
    yield {
      path: cleanPath(notes.get('path') ?? header.name),
      offset,
      size,
      kind: isSparse ? 'sparse' : isFolder ? 'other' : (kinds[header.type] ?? 'other'),
      target: cleanPath(notes.get('linkpath') ?? header.linkName),
    };
    notes = new Map();
    position = offset + paddedSize(size);
  }
}

/** Headers that speak of the next one (pax 'x', GNU 'L' and 'K') or of the whole archive (pax 'g'). */
function isNote({ type }: TarHeader): boolean {
  return ['x', 'g', 'L', 'K'].includes(type);
}

function readNote({ type }: TarHeader, content: Uint8Array): Iterable<[string, string]> | null {
  if (type === 'L') return [['path', parseText(content)]];
  if (type === 'K') return [['linkpath', parseText(content)]];
  // What a global header can say of all files, such as a comment, has no meaning here.
  return type === 'x' ? parsePaxRecords(content) : [];
}

/** Links, devices and directories may carry a size, but nothing follows their header. */
function contentSize({ type, size }: TarHeader, notes: ReadonlyMap<string, string>): number {
  return '123456'.includes(type) ? 0 : Number(notes.get('size') ?? size);
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

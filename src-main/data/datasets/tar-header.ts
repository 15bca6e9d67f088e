/** Tar archives are made of blocks of this many bytes. */
export const blockBytes = 512;

export interface TarHeader {
  name: string;
  /** Bytes of content after the header, padded to whole blocks. */
  size: number;
  /** One character: '0' a file, '5' a directory, 'x' and 'L' notes on the next header, and so on. */
  type: string;
  linkName: string;
}

/**
 * Reads one header block of the ustar family (POSIX, GNU and the format before both); null when its checksum is wrong,
 * that is, when it is no header.
 */
export function parseTarHeader(block: Uint8Array): TarHeader | null {
  if (parseNumber(block.subarray(148, 156)) !== checksum(block)) return null;
  const size = parseNumber(block.subarray(124, 136));
  if (!Number.isSafeInteger(size) || size < 0) return null;
  // GNU's own format, "ustar " with a space, keeps other things where POSIX has the path's first part.
  const isPosix = parseText(block.subarray(257, 263)) === 'ustar';
  const prefix = isPosix ? parseText(block.subarray(345, 500)) : '';
  const name = parseText(block.subarray(0, 100));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size,
    type: block[156] === 0 ? '0' : String.fromCharCode(block[156]),
    linkName: parseText(block.subarray(157, 257)),
  };
}

/** Text up to the first zero byte. */
export function parseText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** The records of a pax header, "length key=value" and a line feed each; null when they are not like that. */
export function parsePaxRecords(bytes: Uint8Array): Map<string, string> | null {
  const records = new Map<string, string>();
  let start = 0;
  while (start < bytes.length) {
    const space = bytes.indexOf(0x20, start);
    const length = space < 0 ? Number.NaN : Number(parseText(bytes.subarray(start, space)));
    const end = start + length;
    if (!Number.isInteger(length) || end <= space || end > bytes.length) return null;
    const record = new TextDecoder().decode(bytes.subarray(space + 1, end - 1));
    const equals = record.indexOf('=');
    if (equals < 0) return null;
    records.set(record.slice(0, equals), record.slice(equals + 1));
    start = end;
  }
  return records;
}

/** Octal digits, or, with the highest bit set, a big-endian binary number; NaN when neither. */
function parseNumber(field: Uint8Array): number {
  if (field[0] & 0x80) {
    return field.subarray(1).reduce((value, byte) => value * 256 + byte, field[0] & 0x7f);
  }
  const digits = parseText(field).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : Number.NaN;
}

/** The sum of all bytes, with the checksum's own taken for spaces. */
function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte, position) => sum + (position >= 148 && position < 156 ? 0x20 : byte), 0);
}

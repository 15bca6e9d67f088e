import { float16Values, toFloat16Bits } from './float16.ts';

const largestHalf = 0x7bff;

/**
 * Sparse codes of many images for one layer and token group, as compressed sparse rows (CSR): row r has the entries
 * indptr[r] .. indptr[r + 1] - 1, features ascending, no zeros.
 */
export interface SparseCodes {
  features: number;
  /** [rows + 1] */
  indptr: Uint32Array;
  /** Features [entries]. */
  indices: Uint16Array | Uint32Array;
  /** Half-precision bits [entries]. */
  values: Uint16Array;
}

/** One image's code. */
export interface SparseCode {
  indices: ArrayLike<number>;
  values: ArrayLike<number>;
}

/** Features need 16 bits, or 32 beyond 65,536 of them. */
export function indexArray(features: number, length: number): Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  return features <= 2 ** 16 ? new Uint16Array(length) : new Uint32Array(length);
}

/**
 * Appends a dense code [m] at `offset` to the entries and returns the offset behind it. Activations are rounded to half
 * precision, beyond its range to the largest half; what rounds to zero is left out.
 */
export function appendCode(
  code: Float32Array,
  indices: Uint16Array | Uint32Array,
  values: Uint16Array,
  offset: number,
): number {
  let end = offset;
  for (let feature = 0; feature < code.length; feature++) {
    const value = code[feature];
    if (value === 0) continue;
    let bits = toFloat16Bits(value);
    if ((bits & 0x7fff) > largestHalf) bits = (bits & 0x8000) | largestHalf;
    if ((bits & 0x7fff) === 0) continue;
    indices[end] = feature;
    values[end++] = bits;
  }
  return end;
}

/** A dense code [m] as an index would hold it, rounded to half precision. */
export function sparseCode(code: Float32Array): SparseCode {
  const indices = indexArray(code.length, code.length);
  const bits = new Uint16Array(code.length);
  const entries = appendCode(code, indices, bits, 0);
  return { indices: indices.slice(0, entries), values: Float32Array.from(bits.subarray(0, entries), decode) };
}

/** Row `row` of an index. */
export function codeAt({ indptr, indices, values }: SparseCodes, row: number): SparseCode {
  const [from, to] = [indptr[row], indptr[row + 1]];
  return { indices: indices.slice(from, to), values: Float32Array.from(values.subarray(from, to), decode) };
}

function decode(bits: number): number {
  return float16Values[bits];
}

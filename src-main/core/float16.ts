/**
 * IEEE 754 half precision, the storage type of activation shards. Written out because Float16Array is missing from
 * part of the supported Node versions; a test holds it against Float16Array where that exists.
 */

const decodeTable = new Float32Array(65536);
for (let bits = 0; bits < 65536; bits++) decodeTable[bits] = decodeBits(bits);

/** Every half-precision bit pattern's value, indexed by the pattern: the fast way to read many. */
export const float16Values: Readonly<Float32Array> = decodeTable;

function decodeBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The nearest half to `value` (ties to even); beyond 65504 it becomes infinity. */
export function toFloat16Bits(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0];
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 255) - 112;
  const fraction = bits & 0x7fffff;
  if (exponent >= 31) return sign | (exponent === 143 && fraction ? 0x7e00 : 0x7c00);
  if (exponent > 0) return sign | roundShift((exponent << 23) | fraction, 13);
  if (exponent < -10) return sign;
  return sign | roundShift(fraction | 0x800000, 14 - exponent);
}

/** value / 2^shift, rounded to nearest, ties to even; a carry runs into the exponent, as it must. */
function roundShift(value: number, shift: number): number {
  const half = 1 << (shift - 1);
  const rest = value & ((1 << shift) - 1);
  const floor = value >>> shift;
  return rest > half || (rest === half && floor & 1) ? floor + 1 : floor;
}

/** Writes `values` as halves into `target` from `offset` on; returns how many did not fit the range. */
export function encodeFloat16(values: Float32Array, target: Uint16Array, offset = 0): number {
  let overflows = 0;
  for (let at = 0; at < values.length; at++) {
    const bits = toFloat16Bits(values[at]);
    if ((bits & 0x7c00) === 0x7c00) overflows += 1;
    target[offset + at] = bits;
  }
  return overflows;
}

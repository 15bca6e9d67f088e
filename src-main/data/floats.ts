/** Number formats that JavaScript has no typed array for on every supported Node version. */

/** IEEE 754 half precision, as raw bits, to single precision; exact. */
export function float16ToFloat32(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const table = float16Values();
  return Float32Array.from(bits, (half) => table[half]);
}

/** bfloat16, as raw bits, to single precision; exact: it is the upper half of a float32. */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint32Array.from(bits, (upper) => upper << 16).buffer);
}

let float16Table: Float32Array | undefined;

/** All 65,536 half precision values: a look-up is many times faster than taking each apart. */
function float16Values(): Float32Array {
  float16Table ??= Float32Array.from({ length: 0x10000 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
  return float16Table;
}

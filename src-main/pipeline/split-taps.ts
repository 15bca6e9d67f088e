/** The vision tower's taps, rows [layer][x | y][width], as x and y [tokens, L*d]. */
export function splitTaps(
  taps: Float32Array,
  width: number,
): { x: Float32Array<ArrayBuffer>; y: Float32Array<ArrayBuffer> } {
  const x = new Float32Array(taps.length / 2);
  const y = new Float32Array(taps.length / 2);
  for (let at = 0; at < taps.length / (2 * width); at++) {
    x.set(taps.subarray(at * 2 * width, (at * 2 + 1) * width), at * width);
    y.set(taps.subarray((at * 2 + 1) * width, (at + 1) * 2 * width), at * width);
  }
  return { x, y };
}

import type { RgbImage } from '../../src-main/core/resize.ts';

/** The images of make_resize_golden.py. */
export function patternImage(pattern: string, width: number, height: number): RgbImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const c = i % 3;
    const x = Math.floor(i / 3) % width;
    const y = Math.floor(i / 3 / width);
    if (pattern === 'ramp') return (5 * x + 3 * y + 40 * c) % 256;
    if (pattern === 'edges') return ((Math.floor(x / 3) + Math.floor(y / 2) + c) % 2) * 255;
    return Math.imul((3 * y + c) * 7919 + x * 104729, 2654435761) >>> 24;
  });
  return { width, height, data };
}

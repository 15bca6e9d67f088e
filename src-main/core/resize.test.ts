import fc from 'fast-check';
import { expect, test } from 'vitest';
import cases from '../../testdata/resize/resize.json' with { type: 'json' };
import { type Resample, type RgbImage, resize } from './resize.ts';

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

test.each(cases)('$pattern $width x $height to $newWidth x $newHeight, $resample: as Pillow to the bit', (golden) => {
  const image = patternImage(golden.pattern, golden.width, golden.height);
  const size = { width: golden.newWidth, height: golden.newHeight };
  const resized = resize(image, size, golden.resample as Resample);
  expect(resized).toMatchObject(size);
  expect(Buffer.compare(resized.data, Buffer.from(golden.pixels, 'base64'))).toBe(0);
});

const side = fc.integer({ min: 1, max: 40 });
const resample = fc.constantFrom<Resample>('nearest', 'bilinear', 'bicubic', 'lanczos');

test('a plain image stays plain at any size', () => {
  fc.assert(
    fc.property(side, side, side, side, resample, fc.nat({ max: 255 }), (width, height, newWidth, newHeight, how, grey) => {
      const image = { width, height, data: new Uint8Array(width * height * 3).fill(grey) };
      const { data } = resize(image, { width: newWidth, height: newHeight }, how);
      expect(data).toEqual(new Uint8Array(newWidth * newHeight * 3).fill(grey));
    }),
    { numRuns: 50 },
  );
});

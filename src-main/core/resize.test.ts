import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patternImage } from '../../testdata/resize/pattern-image.ts';
import cases from '../../testdata/resize/resize.json' with { type: 'json' };
import { type Resample, resize } from './resize.ts';

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
    fc.property(
      side,
      side,
      side,
      side,
      resample,
      fc.nat({ max: 255 }),
      (width, height, newWidth, newHeight, how, grey) => {
        const image = { width, height, data: new Uint8Array(width * height * 3).fill(grey) };
        const { data } = resize(image, { width: newWidth, height: newHeight }, how);
        expect(data).toEqual(new Uint8Array(newWidth * newHeight * 3).fill(grey));
      },
    ),
    { numRuns: 50 },
  );
});

import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeRgb } from './decode.ts';

/** 2 x 1 pixels repeated in blocks of 8, so that lossy formats keep them. */
const [left, right] = [
  [200, 30, 90],
  [10, 120, 240],
];
const width = 16;
const height = 8;
const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i % (width * 3) < 24 ? left : right)[i % 3]);

function picture(): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** The pixels at the centres of both halves, after decoding. */
async function decodeHalves(source: Sharp): Promise<number[][]> {
  const image = await decodeRgb(await source.toBuffer());
  expect(image).toMatchObject({ width, height });
  expect(image.data).toHaveLength(width * height * 3);
  return [4, 12].map((x) => [...image.data.subarray((4 * width + x) * 3, (4 * width + x) * 3 + 3)]);
}

function expectNear(found: number[][], expected: number[][], tolerance: number): void {
  const differences = found.flat().map((value, i) => Math.abs(value - expected.flat()[i]));
  expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
}

describe('every kind of pixel becomes 8-bit sRGB', () => {
  test.each([
    ['PNG', () => picture().png()],
    ['palette PNG', () => picture().png({ palette: true, colours: 4, dither: 0 })],
    ['interlaced PNG', () => picture().png({ progressive: true })],
    ['16-bit PNG', () => picture().toColourspace('rgb16').png()],
    ['opaque PNG', () => picture().ensureAlpha().png()],
    ['lossless WebP', () => picture().webp({ lossless: true })],
  ])('%s', async (kind, make) => {
    expectNear(await decodeHalves(make()), [left, right], kind.includes('palette') ? 8 : 0);
  });

  test.each([
    ['JPEG', () => picture().jpeg({ quality: 95 })],
    ['progressive JPEG', () => picture().jpeg({ quality: 95, progressive: true })],
    ['WebP', () => picture().webp({ quality: 95 })],
  ])('%s, nearly', async (_kind, make) => {
    expectNear(await decodeHalves(make()), [left, right], 6);
  });

  test('a colour profile changes nothing', async () => {
    const bytes = await picture().withIccProfile('p3').png().toBuffer();
    const start = bytes.indexOf('iCCP') - 4;
    const end = start + 12 + bytes.readUInt32BE(start);
    const without = Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
    expect(await decodeRgb(bytes)).toEqual(await decodeRgb(without));
  });

  test('CMYK JPEG', async () => {
    const cmyk = picture().toColourspace('cmyk').jpeg({ quality: 100 });
    expect(await sharp(await cmyk.clone().toBuffer()).metadata()).toMatchObject({ space: 'cmyk', channels: 4 });
    const [first, second] = await decodeHalves(cmyk);
    // Inks cannot print these colours exactly: what counts is that they are neither inverted nor swapped.
    expect(first[0]).toBeGreaterThan(150);
    expect(first[1]).toBeLessThan(100);
    expect(second[2]).toBeGreaterThan(150);
    expect(second[0]).toBeLessThan(100);
  });

  test.each([
    ['greyscale PNG', () => picture().toColourspace('b-w').png()],
    ['greyscale JPEG', () => picture().toColourspace('b-w').jpeg({ quality: 100 })],
    ['16-bit greyscale PNG', () => picture().toColourspace('grey16').png()],
    ['greyscale PNG with transparency', () => picture().toColourspace('b-w').ensureAlpha(1).png()],
  ])('%s', async (_kind, make) => {
    const [first, second] = await decodeHalves(make());
    const grey = await picture().toColourspace('b-w').raw().toBuffer();
    expectNear([first, second], [Array(3).fill(grey[0]), Array(3).fill(grey[8])], 1);
  });
});

describe('transparency is flattened on white', () => {
  test.each([
    ['invisible', 0, [255, 255, 255]],
    ['half', 0.5, [227, 142, 172]],
  ])('%s', async (_kind, alpha, expected) => {
    for (const source of [
      picture().ensureAlpha(alpha).png(),
      picture().ensureAlpha(alpha).toColourspace('rgb16').png(),
      picture().ensureAlpha(alpha).webp({ lossless: true, exact: true }),
    ]) {
      const [found] = await decodeHalves(source);
      expectNear([found], [expected], 1);
    }
  });
});

test.each([
  [1, [1, 2, 3, 4, 5, 6]],
  [2, [3, 2, 1, 6, 5, 4]],
  [3, [6, 5, 4, 3, 2, 1]],
  [4, [4, 5, 6, 1, 2, 3]],
  [5, [1, 4, 2, 5, 3, 6]],
  [6, [4, 1, 5, 2, 6, 3]],
  [7, [6, 3, 5, 2, 4, 1]],
  [8, [3, 6, 2, 5, 1, 4]],
])('EXIF orientation %i is applied', async (orientation, expected) => {
  const numbered = Uint8Array.from([1, 2, 3, 4, 5, 6].flatMap((value) => [value, value, value]));
  const source = sharp(numbered, { raw: { width: 3, height: 2, channels: 3 } });
  const image = await decodeRgb(await source.withMetadata({ orientation }).png().toBuffer());
  expect([...image.data.filter((_, i) => i % 3 === 0)]).toEqual(expected);
  expect(image.width).toBe(orientation < 5 ? 3 : 2);
});

describe('what is corrupt is IMAGE_INVALID', () => {
  const gradient = Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
  const noisy = sharp(gradient, { raw: { width: 64, height: 48, channels: 3 } });
  const invalid = expect.objectContaining({ code: 'IMAGE_INVALID' });

  test.each([
    // A PNG ends with a mark of 12 bytes; without it, the pixels are still all there.
    ['PNG', () => noisy.clone().png(), 12],
    ['JPEG', () => noisy.clone().jpeg(), 0],
    ['progressive JPEG', () => noisy.clone().jpeg({ progressive: true }), 0],
    ['WebP', () => noisy.clone().webp(), 0],
    ['lossless WebP', () => noisy.clone().webp({ lossless: true }), 0],
  ])('%s truncated anywhere', async (_kind, make, endMark) => {
    const bytes = await make().toBuffer();
    const last = bytes.length - endMark - 1;
    for (let length = last; length >= 0; length -= Math.ceil(last / 60)) {
      await expect(decodeRgb(bytes.subarray(0, length))).rejects.toEqual(invalid);
    }
  });

  test('a PNG with a wrong byte', async () => {
    const bytes = await noisy.clone().png().toBuffer();
    bytes[Math.floor(bytes.length / 2)] ^= 0x55;
    await expect(decodeRgb(bytes)).rejects.toEqual(invalid);
  });

  test('other formats, text and nothing', async () => {
    const gif = await noisy.clone().gif().toBuffer();
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    for (const bytes of [gif, svg, Buffer.from('hello'), new Uint8Array()]) {
      await expect(decodeRgb(bytes)).rejects.toThrow('not a PNG, JPEG or WebP file');
    }
  });

  test('more pixels than the limit', async () => {
    const bytes = await sharp({ create: { width: 16000, height: 7000, channels: 3, background: 'black' } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    await expect(decodeRgb(bytes)).rejects.toThrow('exceeds pixel limit');
  });
});

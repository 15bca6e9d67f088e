import sharp from 'sharp';
import { StrataError } from '../contract/errors.ts';
import type { RgbImage } from '../core/resize.ts';

/** 100 megapixels, 300 MB once decoded: more than any camera's picture, less than what would endanger the machine. */
const maxPixels = 100_000_000;

// Every image is decoded once: libvips would only keep its last operations alive.
sharp.cache(false);

/** First bytes of the formats read; `.` stands for any byte. Others, such as SVG, could do more than hold pixels. */
const signatures = [/^\x89PNG\r\n/, /^\xff\xd8\xff/, /^RIFF....WEBP/s];

/**
 * Decodes a PNG, JPEG or WebP file to upright 8-bit sRGB pixels: EXIF orientation applied, transparency flattened on
 * white, greyscale, palettes, 16-bit and CMYK converted. Colour profiles are not applied, as in transformers.
 * IMAGE_INVALID with the reason when the image is corrupt, truncated, too large or of another format.
 */
export async function decodeRgb(bytes: Uint8Array): Promise<RgbImage> {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  if (!signatures.some((signature) => signature.test(start))) throw invalid('not a PNG, JPEG or WebP file');
  try {
    const { data, info } = await sharp(bytes, { failOn: 'warning', limitInputPixels: maxPixels, ignoreIcc: true })
      .autoOrient()
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return {
      width: info.width,
      height: info.height,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    };
  } catch (error) {
    throw invalid(reasonOf(error), error);
  }
}

/** What libvips says, without its words for settings of ours. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('failOn')) return 'the file is cut short or damaged';
  return message.replaceAll(/\s+/g, ' ').replace(/[\s:]+$/, '');
}

function invalid(reason: string, cause?: unknown): StrataError {
  return new StrataError('IMAGE_INVALID', `the image cannot be decoded: ${reason}`, { cause });
}

import { type Resample, type RgbImage, resize } from './resize.ts';

export interface Size {
  height: number;
  width: number;
}

/** How an image becomes the model's input; the steps of transformers' CLIPImageProcessor, each in pixels of its input. */
export interface Preprocess {
  /** Null: keep the size. A shortest edge keeps the aspect ratio. */
  resize: { shortestEdge: number } | Size | null;
  resample: Resample;
  /** Cut from the centre; what lies outside the image is black. Null: keep all. */
  crop: Size | null;
  /** Factor from 0..255 to the range that mean and std are given in; 1 leaves it. */
  rescaleFactor: number;
  /** Per channel, red first. */
  mean: readonly [number, number, number];
  std: readonly [number, number, number];
}

/** RGB pixels [height, width, 3] to the model's input [3, height, width], after resizing, cropping and normalising. */
export function preprocess(image: RgbImage, config: Preprocess): Float32Array<ArrayBuffer> {
  const sized = config.resize ? resize(image, resizedSize(image, config.resize), config.resample) : image;
  const { width, height, data } = config.crop ? centreCrop(sized, config.crop) : sized;
  const plane = width * height;
  const pixels = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const values = channelValues(config, channel);
    for (let i = 0; i < plane; i++) pixels[channel * plane + i] = values[data[3 * i + channel]];
  }
  return pixels;
}

/** The size transformers resizes to: the longer edge is truncated, not rounded. */
export function resizedSize(image: Size, target: { shortestEdge: number } | Size): Size {
  if ('width' in target) return target;
  const { width, height } = image;
  const short = target.shortestEdge;
  return width <= height
    ? { width: short, height: Math.floor((short * height) / width) }
    : { width: Math.floor((short * width) / height), height: short };
}

/** The centre of an image, padded with black where the image is smaller. Odd differences are split as transformers does. */
export function centreCrop(image: RgbImage, { height, width }: Size): RgbImage {
  const top = Math.floor((image.height - height) / 2);
  const left = Math.floor((image.width - width) / 2);
  const data = new Uint8Array(height * width * 3);
  const firstColumn = Math.max(0, left);
  const lastColumn = Math.min(image.width, left + width);
  for (let y = Math.max(0, -top); y < Math.min(height, image.height - top); y++) {
    const row = (y + top) * image.width;
    const source = image.data.subarray((row + firstColumn) * 3, (row + lastColumn) * 3);
    data.set(source, (y * width + firstColumn - left) * 3);
  }
  return { width, height, data };
}

/** What each of the 256 pixel values becomes; every step is rounded to single precision, as numpy does it. */
function channelValues({ rescaleFactor, mean, std }: Preprocess, channel: number): Float32Array {
  const shift = Math.fround(mean[channel]);
  const scale = Math.fround(std[channel]);
  return Float32Array.from(
    { length: 256 },
    (_, value) => Math.fround(Math.fround(value * rescaleFactor) - shift) / scale,
  );
}

/** An image of 8-bit RGB pixels, [height, width, 3]. */
export interface RgbImage {
  width: number;
  height: number;
  data: Uint8Array;
}

export type Resample = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos';

interface Filter {
  /** Half the width of the kernel, in output pixels when shrinking, in input pixels when growing. */
  support: number;
  weight(x: number): number;
}

/** Where each output pixel's inputs begin, how many there are, and their weights in fixed point. */
interface Taps {
  first: Int32Array;
  count: Int32Array;
  weights: Int32Array;
  /** Weights kept for each output pixel. */
  stride: number;
}

/** Pillow keeps weights as integers of this many fractional bits: 32, less 8 of the pixel and 2 for overshoot. */
const fractionBits = 22;

const filters: Record<Exclude<Resample, 'nearest'>, Filter> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: cubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/**
 * Resizes as Pillow's `Image.resize` does, to the bit: an antialiasing filter in two passes, along the width and
 * then the height, with a rounding to 8 bits between them.
 */
export function resize(image: RgbImage, size: { width: number; height: number }, resample: Resample): RgbImage {
  const { width, height } = size;
  if (width === image.width && height === image.height) return image;
  if (resample === 'nearest') return resizeNearest(image, width, height);
  const filter = filters[resample];
  const wide = width === image.width ? image : resizeWidth(image, taps(image.width, width, filter));
  return height === image.height ? wide : resizeHeight(wide, taps(image.height, height, filter));
}

function resizeWidth({ width, height, data }: RgbImage, taps: Taps): RgbImage {
  const { first, count, weights, stride } = taps;
  const newWidth = first.length;
  const out = new Uint8Array(newWidth * height * 3);
  let target = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < newWidth; x++) {
      let source = (y * width + first[x]) * 3;
      let red = 1 << (fractionBits - 1);
      let green = red;
      let blue = red;
      const end = x * stride + count[x];
      for (let tap = x * stride; tap < end; tap++) {
        const weight = weights[tap];
        red += data[source++] * weight;
        green += data[source++] * weight;
        blue += data[source++] * weight;
      }
      out[target++] = toByte(red);
      out[target++] = toByte(green);
      out[target++] = toByte(blue);
    }
  }
  return { width: newWidth, height, data: out };
}

function resizeHeight({ width, data }: RgbImage, taps: Taps): RgbImage {
  const { first, count, weights, stride } = taps;
  const newHeight = first.length;
  const row = width * 3;
  const out = new Uint8Array(newHeight * row);
  const sums = new Int32Array(row);
  for (let y = 0; y < newHeight; y++) {
    sums.fill(1 << (fractionBits - 1));
    for (let tap = 0; tap < count[y]; tap++) {
      const weight = weights[y * stride + tap];
      const source = (first[y] + tap) * row;
      for (let i = 0; i < row; i++) sums[i] += data[source + i] * weight;
    }
    for (let i = 0; i < row; i++) out[y * row + i] = toByte(sums[i]);
  }
  return { width, height: newHeight, data: out };
}

function toByte(sum: number): number {
  return Math.min(255, Math.max(0, sum >> fractionBits));
}

/** The filter stretches with the scale when an image shrinks, so that every input pixel counts (antialiasing). */
function taps(inputSize: number, outputSize: number, { support, weight }: Filter): Taps {
  const scale = inputSize / outputSize;
  const stretch = Math.max(1, scale);
  const reach = support * stretch;
  const stride = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(outputSize);
  const count = new Int32Array(outputSize);
  const weights = new Int32Array(outputSize * stride);
  for (let i = 0; i < outputSize; i++) {
    const centre = (i + 0.5) * scale;
    first[i] = Math.max(0, Math.trunc(centre - reach + 0.5));
    count[i] = Math.min(inputSize, Math.trunc(centre + reach + 0.5)) - first[i];
    const exact = Array.from({ length: count[i] }, (_, tap) => weight((tap + first[i] - centre + 0.5) / stretch));
    const sum = exact.reduce((total, value) => total + value, 0);
    exact.forEach((value, tap) => {
      weights[i * stride + tap] = roundHalfAway((sum === 0 ? value : value / sum) * 2 ** fractionBits);
    });
  }
  return { first, count, weights, stride };
}

function roundHalfAway(value: number): number {
  return Math.trunc(value < 0 ? value - 0.5 : value + 0.5);
}

/** Keys' cubic convolution with a = -0.5, the sharpness Pillow has chosen. */
function cubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function resizeNearest(image: RgbImage, width: number, height: number): RgbImage {
  const columns = nearest(image.width, width);
  const rows = nearest(image.height, height);
  const data = new Uint8Array(width * height * 3);
  let target = 0;
  for (const row of rows) {
    for (const column of columns) {
      const source = (row * image.width + column) * 3;
      for (let channel = 0; channel < 3; channel++) data[target++] = image.data[source + channel];
    }
  }
  return { width, height, data };
}

/** Adds the step up as Pillow does: multiplying instead would round some positions to a neighbour. */
function nearest(inputSize: number, outputSize: number): Int32Array {
  const step = inputSize / outputSize;
  let position = step * 0.5;
  return Int32Array.from({ length: outputSize }, () => {
    const index = Math.min(inputSize - 1, Math.trunc(position));
    position += step;
    return index;
  });
}

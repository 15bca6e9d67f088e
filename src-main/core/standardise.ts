import { float16Values } from './float16.ts';

/** Training-token statistics per layer (method, section 2): a mean vector and one scalar RMS for inputs and targets. */
export interface Statistics {
  layers: number;
  width: number;
  tokens: number;
  /** [L, d] */
  meanX: Float32Array;
  meanY: Float32Array;
  /** [L] root mean square of the centred values over tokens and dimensions. */
  rmsX: Float32Array;
  rmsY: Float32Array;
}

/** Sums over activation rows ([layer][x | y][width] halves); sums of parts can be added. */
export class StatisticsSums {
  readonly layers: number;
  readonly width: number;
  tokens = 0;
  readonly sum: Float64Array;
  readonly squares: Float64Array;

  constructor(layers: number, width: number) {
    this.layers = layers;
    this.width = width;
    this.sum = new Float64Array(layers * 2 * width);
    this.squares = new Float64Array(layers * 2 * width);
  }

  /** rows [tokens, L*2*d] as half-precision bits. */
  addRows(rows: Uint16Array): void {
    const { sum, squares } = this;
    const size = sum.length;
    for (let start = 0; start < rows.length; start += size) {
      for (let at = 0; at < size; at++) {
        const value = float16Values[rows[start + at]];
        sum[at] += value;
        squares[at] += value * value;
      }
    }
    this.tokens += rows.length / size;
  }

  add(part: { tokens: number; sum: ArrayLike<number>; squares: ArrayLike<number> }): void {
    this.tokens += part.tokens;
    for (let at = 0; at < this.sum.length; at++) {
      this.sum[at] += part.sum[at];
      this.squares[at] += part.squares[at];
    }
  }

  finish(): Statistics {
    const { layers, width, tokens } = this;
    if (tokens === 0) throw new Error('statistics of no tokens');
    const mean = [new Float32Array(layers * width), new Float32Array(layers * width)];
    const rms = [new Float32Array(layers), new Float32Array(layers)];
    for (let layer = 0; layer < layers; layer++) {
      for (const side of [0, 1]) {
        const start = (layer * 2 + side) * width;
        let variance = 0;
        for (let at = 0; at < width; at++) {
          const average = this.sum[start + at] / tokens;
          mean[side][layer * width + at] = average;
          variance += Math.max(0, this.squares[start + at] / tokens - average * average);
        }
        // A constant activation has no scale; 1 keeps it at 0 instead of dividing by 0.
        rms[side][layer] = Math.sqrt(variance / width) || 1;
      }
    }
    return { layers, width, tokens, meanX: mean[0], meanY: mean[1], rmsX: rms[0], rmsY: rms[1] };
  }
}

/** Shard rows [tokens, L*2*d] in half precision -> standardised x and y [tokens, L*d], written into the given arrays. */
export function standardiseRows(rows: Uint16Array, statistics: Statistics, x: Float32Array, y: Float32Array): void {
  const { layers, width } = statistics;
  const sides = [
    { target: x, mean: statistics.meanX, rms: statistics.rmsX },
    { target: y, mean: statistics.meanY, rms: statistics.rmsY },
  ];
  const tokens = rows.length / (layers * 2 * width);
  for (let token = 0; token < tokens; token++) {
    for (let layer = 0; layer < layers; layer++) {
      for (let side = 0; side < 2; side++) {
        const { target, mean, rms } = sides[side];
        const from = ((token * layers + layer) * 2 + side) * width;
        const to = (token * layers + layer) * width;
        const scale = 1 / rms[layer];
        const offset = layer * width;
        for (let at = 0; at < width; at++) {
          target[to + at] = (float16Values[rows[from + at]] - mean[offset + at]) * scale;
        }
      }
    }
  }
}

/** Raw halves [tokens, L*2*d] -> x and y [tokens, L*d] as they were captured. */
export function splitRows(rows: Uint16Array, layers: number, width: number, x: Float32Array, y: Float32Array): void {
  const one = new Float32Array(layers).fill(1);
  const zero = new Float32Array(layers * width);
  standardiseRows(rows, { layers, width, tokens: 0, meanX: zero, meanY: zero, rmsX: one, rmsY: one }, x, y);
}

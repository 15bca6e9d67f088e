/**
 * Sketches of codes that are too dense for inverted lists, as pooled patches are: a few coordinates of every row in 7
 * bits each, from which follows an upper bound of its dot product with any query.
 *
 * With an orthonormal basis P [r, m], a = P x and p = P q, the parts of x and q outside the basis having the norms
 * rho_x and rho_q,
 *
 *     <q, x> = <p, a> + <q - P'p, x - P'a>  <=  <p, a> + rho_q rho_x
 *
 * and with a = centre + s b + e, b whole numbers, and s and centre those of a coordinate, <p, a> is at most
 * <p, centre> + <p s, b> + |p| |e|. Both remainders are coordinates r and r + 1, rounded up, so that one product of whole
 * numbers and one constant are the bound.
 */
export interface Sketch {
  rows: number;
  /** Coordinates, r + 2. */
  size: number;
  /** b and the two remainders [r + 2, rows], within -63..63: products of pairs with bytes fit 16 bits on every CPU. */
  matrix: Int8Array<ArrayBuffer>;
  /** What one step of each coordinate is worth [r + 2]. */
  scales: Float64Array;
  /** Middle of the range of each coordinate [r + 2], 0 for the remainders. */
  centres: Float64Array;
  /** Largest sum of |b| in a row. */
  largestSum: number;
}

/** What a query needs to know of a sketch. */
export type SketchScales = Omit<Sketch, 'matrix'>;

const steps = 63;

/** Makes the rows of `matrix` [rows, width] orthonormal, in place; a row that depends on those before it becomes zero. */
export function orthonormalise(matrix: Float32Array, width: number): void {
  const rows = matrix.length / width;
  const row = (at: number) => matrix.subarray(at * width, (at + 1) * width);
  for (let at = 0; at < rows; at++) {
    const own = Float64Array.from(row(at));
    const before = norm(own);
    // The second round removes what rounding left of the first.
    for (let round = 0; round < 2; round++) {
      for (let other = 0; other < at; other++) {
        const unit = row(other);
        let product = 0;
        for (let i = 0; i < width; i++) product += unit[i] * own[i];
        for (let i = 0; i < width; i++) own[i] -= product * unit[i];
      }
    }
    const after = norm(own);
    const factor = after > 1e-6 * before ? 1 / after : 0;
    for (let i = 0; i < width; i++) matrix[at * width + i] = own[i] * factor;
  }
}

/** Sketches rows of length 1 (or zero) from their coordinates [rows, r]. */
export function sketchRows(coordinates: Float32Array, r: number): Sketch {
  const rows = coordinates.length / r;
  const size = r + 2;
  const { scales, centres } = ranges(coordinates, r);
  const remainders = [new Float64Array(rows), new Float64Array(rows)];
  const matrix = new Int8Array(size * rows);
  const sums = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let [squares, errors] = [0, 0];
    for (let c = 0; c < r; c++) {
      const value = coordinates[row * r + c];
      const whole = scales[c] > 0 ? Math.round((value - centres[c]) / scales[c]) : 0;
      matrix[c * rows + row] = whole;
      sums[row] += Math.abs(whole);
      squares += value * value;
      errors += (value - centres[c] - whole * scales[c]) ** 2;
    }
    remainders[0][row] = Math.sqrt(errors);
    remainders[1][row] = Math.sqrt(Math.max(0, 1 - squares));
  }
  remainders.forEach((own, extra) => {
    const scale = own.reduce((a, b) => Math.max(a, b), 0) / steps;
    scales[r + extra] = scale;
    own.forEach((value, row) => {
      const whole = scale > 0 ? Math.min(steps, Math.ceil(value / scale)) : 0;
      matrix[(r + extra) * rows + row] = whole;
      sums[row] += whole;
    });
  });
  return { rows, size, matrix, scales, centres, largestSum: sums.reduce((a, b) => Math.max(a, b), 0) };
}

function ranges(coordinates: Float32Array, r: number): Pick<Sketch, 'scales' | 'centres'> {
  const low = new Float64Array(r).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(r).fill(Number.NEGATIVE_INFINITY);
  for (let at = 0; at < coordinates.length; at++) {
    low[at % r] = Math.min(low[at % r], coordinates[at]);
    high[at % r] = Math.max(high[at % r], coordinates[at]);
  }
  const [scales, centres] = [new Float64Array(r + 2), new Float64Array(r + 2)];
  if (coordinates.length === 0) return { scales, centres };
  for (let c = 0; c < r; c++) {
    centres[c] = (low[c] + high[c]) / 2;
    scales[c] = (high[c] - low[c]) / 2 / steps;
  }
  return { scales, centres };
}

/** A query to be multiplied with a sketch. */
export interface SketchQuery {
  /** High and low digits of its whole coordinates [2, r + 2]: a coordinate is 256 (high - 128) + (low - 128). */
  digits: Uint8Array<ArrayBuffer>;
  /** What one step of the product is worth. */
  unit: number;
  /** To be added to every product: what the centres give, and room for the rounding of the coordinates. */
  offset: number;
}

/** Rounding of single-precision products on the way to the coordinates, for rows and queries of length 1. */
const floatSlack = 1e-4;

/**
 * A query q from its coordinates p = P q [r] and its norm: `product * unit + offset` is never less than <q, x>, for the
 * product of its whole coordinates with the sketch of x.
 */
export function sketchQuery(sketch: SketchScales, p: Float32Array, queryNorm: number): SketchQuery {
  const { size, scales, centres, largestSum } = sketch;
  const inside = norm(p);
  const outside = Math.sqrt(Math.max(0, queryNorm ** 2 - inside ** 2));
  const factors = [...p, inside, outside];
  const values = scales.map((scale, c) => scale * factors[c]);
  const constant = centres.reduce((sum, centre, c) => sum + centre * factors[c], 0);
  const unit = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) / 32_000;
  const digits = new Uint8Array(2 * size).fill(128);
  values.forEach((value, c) => {
    const whole = unit > 0 ? Math.round(value / unit) : 0;
    const high = Math.round(whole / 256);
    digits[c] += high;
    digits[size + c] += whole - 256 * high;
  });
  return { digits, unit, offset: constant + (unit / 2) * largestSum + floatSlack * queryNorm };
}

function norm(values: ArrayLike<number>): number {
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += values[at] * values[at];
  return Math.sqrt(squares);
}

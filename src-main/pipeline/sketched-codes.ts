import { float16Values } from '../core/float16.ts';
import type { SearchOptions } from '../core/inverted-lists.ts';
import { Nearest, type Neighbour } from '../core/nearest.ts';
import { Rng } from '../core/rng.ts';
import { orthonormalise, sketchRows } from '../core/sketch.ts';
import type { SparseCode, SparseCodes } from '../core/sparse-codes.ts';
import { RowProducts } from '../engine/row-products.ts';
import { free } from '../engine/session.ts';
import { SketchScan } from '../engine/sketch-scan.ts';

/** Coordinates of a sketch beside its two remainders: 256 bytes a row. */
const coordinates = 254;
/** Rows from which the basis is found, and rounds of subspace iteration for it. */
const sampledRows = 4096;
const iterations = 6;
/** Dense rows projected at once. */
const rowsPerRun = 512;
/** Rows of largest bound that are compared first, to learn how similar the k-th must be. */
const firstRows = 8;
/** In place of a bound, once the row itself was compared. */
const compared = Number.NEGATIVE_INFINITY;

/**
 * Finds the same rows as InvertedLists, with the same similarities, in codes too dense for lists: a bound of every row's
 * similarity (core/sketch.ts), then the exact one where the bound leaves a chance. The basis of the bounds is that of
 * the largest principal components of a sample of rows, and decides about speed only.
 *
 * Memory: the codes, about 530 bytes a row for the sketch and its session, and 8 bytes a row for each set of weights in use.
 */
export class SketchedCodes {
  readonly #codes: SparseCodes;
  readonly #scan: SketchScan;
  /** [m, r] */
  readonly #basis: Float32Array;
  readonly #r: number;
  readonly #norms: Float64Array;
  readonly #weightedNorms = new WeakMap<Float32Array, Float64Array>();
  /** The query [m] and the rows' bounds, for one search at a time. */
  readonly #query: Float64Array;
  readonly #bounds: Float64Array;

  private constructor(codes: SparseCodes, scan: SketchScan, basis: Float32Array, norms: Float64Array) {
    this.#codes = codes;
    this.#scan = scan;
    this.#basis = basis;
    this.#r = basis.length / codes.features;
    this.#norms = norms;
    this.#query = new Float64Array(codes.features);
    this.#bounds = new Float64Array(norms.length);
  }

  static async build(codes: SparseCodes): Promise<SketchedCodes> {
    const { features } = codes;
    const norms = inverseNorms(codes);
    const products = await RowProducts.load(features);
    try {
      const basis = await principalBasis(codes, norms, products);
      const r = basis.length / features;
      const rows = norms.length;
      const projected = new Float32Array(rows * r);
      const dense = new Float32Array(Math.min(rows, rowsPerRun) * features);
      for (let start = 0; start < rows; start += rowsPerRun) {
        const count = Math.min(rowsPerRun, rows - start);
        dense.fill(0);
        for (let at = 0; at < count; at++) unitRow(codes, norms, start + at, dense, at * features, 1);
        const part = await products.run(dense.subarray(0, count * features), basis);
        projected.set(part, start * r);
        free(part);
      }
      const scan = await SketchScan.load(sketchRows(projected, r));
      return new SketchedCodes(codes, scan, transposed(basis, features), norms);
    } finally {
      await products.release();
    }
  }

  async search(query: SparseCode, { k, weights, exclude }: SearchOptions): Promise<Neighbour[]> {
    const { values, norm, queryNorm } = weightedQuery(query, weights);
    const p = new Float64Array(this.#r);
    values.forEach((value, at) => {
      const start = query.indices[at] * this.#r;
      for (let c = 0; c < p.length; c++) p[c] += value * this.#basis[start + c];
    });
    const { products, unit, offset } = await this.#scan.run(Float32Array.from(p), norm);
    // From here on nothing waits, so that searches under way at once do not meet in the arrays they share.
    const dense = this.#query.fill(0);
    values.forEach((value, at) => {
      dense[query.indices[at]] = value;
    });
    const bounds = this.#bounds;
    const norms = this.#inverseNorms(weights);
    const rows = norms.length;
    const nearest = new Nearest(k);
    const compare = (row: number) => {
      if (row !== exclude) nearest.offer(row, this.#dot(dense, row) * norms[row] * queryNorm);
    };
    const best = new Nearest(Math.max(k, firstRows));
    let least = best.least;
    for (let row = 0; row < rows; row++) {
      let bound = ((256 * products[row] + products[rows + row]) * unit + offset) * queryNorm;
      // It is the bound for a row of length 1; with weights, that row's own weighted length counts.
      if (weights !== undefined) bound = this.#norms[row] > 0 ? (bound * norms[row]) / this.#norms[row] : 0;
      bounds[row] = bound;
      if (bound <= least) continue;
      best.offer(row, bound);
      least = best.least;
    }
    for (const { row } of best.list()) {
      compare(row);
      bounds[row] = compared;
    }
    least = nearest.least;
    for (let row = 0; row < rows; row++) {
      if (bounds[row] < least || bounds[row] === compared) continue;
      compare(row);
      least = nearest.least;
    }
    return nearest.list();
  }

  release(): Promise<void> {
    return this.#scan.release();
  }

  #dot(dense: Float64Array, row: number): number {
    const { indptr, indices, values } = this.#codes;
    const end = indptr[row + 1];
    let sum = 0;
    for (let at = indptr[row]; at < end; at++) sum += dense[indices[at]] * float16Values[values[at]];
    return sum;
  }

  #inverseNorms(weights: Float32Array | undefined): Float64Array {
    if (weights === undefined) return this.#norms;
    const norms = this.#weightedNorms.get(weights) ?? inverseNorms(this.#codes, weights);
    this.#weightedNorms.set(weights, norms);
    return norms;
  }
}

/** A query's values as they meet an unweighted row, w^2 q, with their norm and 1 / ||w q||, 0 for a zero query. */
function weightedQuery({ indices, values }: SparseCode, weights: Float32Array | undefined) {
  let [squares, weightedSquares] = [0, 0];
  const met = Float64Array.from(values, (value, at) => {
    const weight = weights?.[indices[at]] ?? 1;
    const weighted = value * weight;
    weightedSquares += weighted * weighted;
    squares += (weighted * weight) ** 2;
    return weighted * weight;
  });
  return {
    values: met,
    norm: Math.sqrt(squares),
    queryNorm: weightedSquares > 0 ? 1 / Math.sqrt(weightedSquares) : 0,
  };
}

/** 1 / ||w x|| of every row, 0 for a zero row. */
function inverseNorms({ indptr, indices, values }: SparseCodes, weights?: Float32Array): Float64Array {
  return Float64Array.from({ length: indptr.length - 1 }, (_, row) => {
    let squares = 0;
    for (let at = indptr[row]; at < indptr[row + 1]; at++) {
      squares += ((weights?.[indices[at]] ?? 1) * float16Values[values[at]]) ** 2;
    }
    return squares > 0 ? 1 / Math.sqrt(squares) : 0;
  });
}

/** Writes a row at length 1 into `target` from `offset` on, its features `stride` apart. */
function unitRow(
  { indptr, indices, values }: SparseCodes,
  norms: Float64Array,
  row: number,
  target: Float32Array,
  offset: number,
  stride: number,
): void {
  for (let at = indptr[row]; at < indptr[row + 1]; at++) {
    target[offset + indices[at] * stride] = float16Values[values[at]] * norms[row];
  }
}

/** An orthonormal basis [r, m] near the largest principal components of the rows, not centred. */
async function principalBasis(codes: SparseCodes, norms: Float64Array, products: RowProducts): Promise<Float32Array> {
  const { features } = codes;
  const r = Math.min(coordinates, features);
  const sampled = Math.min(sampledRows, norms.length);
  const columns = new Float32Array(features * Math.max(1, sampled));
  for (let at = 0; at < sampled; at++) {
    unitRow(codes, norms, Math.floor((at * norms.length) / sampled), columns, at, sampled);
  }
  const gram = await RowProducts.load(Math.max(1, sampled));
  const moments = await gram.run(columns, columns);
  await gram.release();
  const rng = new Rng(0, 'sketch');
  let basis = Float32Array.from({ length: r * features }, () => rng.uniform() - 0.5);
  for (let iteration = 0; iteration < iterations; iteration++) {
    basis = await products.run(basis, moments);
    orthonormalise(basis, features);
  }
  free(moments);
  return basis;
}

/** [rows, columns] -> [columns, rows] */
function transposed(matrix: Float32Array, columns: number): Float32Array {
  const rows = matrix.length / columns;
  return Float32Array.from(matrix, (_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)]);
}

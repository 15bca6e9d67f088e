import { float16Values } from './float16.ts';
import { Nearest, type Neighbour } from './nearest.ts';
import type { SparseCode, SparseCodes } from './sparse-codes.ts';

export interface SearchOptions {
  k: number;
  /** Weight of every feature [m]: decoder norms to a target layer. Reuse the array, its row norms are kept with it. */
  weights?: Float32Array;
  /** A row that must not be found: the query's own. */
  exclude?: number;
}

/**
 * Sparse codes by feature: for each, the rows on which it is active, ascending, with their values. Finds the exact k
 * rows of largest cosine similarity (method, section 7), in double precision. A zero code has similarity 0 to all.
 *
 * Memory: 4 bytes an entry (6 beyond 65,536 rows), and 16 bytes a row, 8 more for each set of weights in use.
 */
export class InvertedLists {
  readonly rows: number;
  readonly features: number;
  readonly #starts: Uint32Array;
  readonly #rows: Uint16Array | Uint32Array;
  readonly #values: Uint16Array;
  readonly #scores: Float64Array;
  #plainNorms: Float64Array | undefined;
  readonly #weightedNorms = new WeakMap<Float32Array, Float64Array>();

  constructor({ features, indptr, indices, values }: SparseCodes) {
    this.rows = indptr.length - 1;
    this.features = features;
    this.#starts = new Uint32Array(features + 1);
    for (const feature of indices) this.#starts[feature + 1] += 1;
    for (let feature = 0; feature < features; feature++) this.#starts[feature + 1] += this.#starts[feature];
    this.#rows = this.rows <= 2 ** 16 ? new Uint16Array(indices.length) : new Uint32Array(indices.length);
    this.#values = new Uint16Array(indices.length);
    this.#scores = new Float64Array(this.rows);
    const next = this.#starts.slice();
    for (let row = 0; row < this.rows; row++) {
      for (let at = indptr[row]; at < indptr[row + 1]; at++) {
        const place = next[indices[at]]++;
        this.#rows[place] = row;
        this.#values[place] = values[at];
      }
    }
  }

  search(query: SparseCode, { k, weights, exclude }: SearchOptions): Neighbour[] {
    const scores = this.#scores.fill(0);
    let squares = 0;
    for (let at = 0; at < query.indices.length; at++) {
      const feature = query.indices[at];
      const weighted = query.values[at] * (weights?.[feature] ?? 1);
      squares += weighted * weighted;
      this.#addTo(scores, feature, weighted * (weights?.[feature] ?? 1));
    }
    const queryNorm = inverse(squares);
    const norms = this.#inverseNorms(weights);
    const nearest = new Nearest(k);
    let { least } = nearest;
    for (let row = 0; row < scores.length; row++) {
      const similarity = scores[row] * norms[row] * queryNorm;
      if (similarity <= least || row === exclude) continue;
      nearest.offer(row, similarity);
      least = nearest.least;
    }
    return nearest.list();
  }

  #addTo(scores: Float64Array, feature: number, factor: number): void {
    const [rows, values] = [this.#rows, this.#values];
    const end = this.#starts[feature + 1];
    for (let at = this.#starts[feature]; at < end; at++) scores[rows[at]] += factor * float16Values[values[at]];
  }

  /** 1 / ||w x|| of every row, 0 for a zero row. */
  #inverseNorms(weights: Float32Array | undefined): Float64Array {
    const known = weights === undefined ? this.#plainNorms : this.#weightedNorms.get(weights);
    if (known !== undefined) return known;
    const norms = new Float64Array(this.rows);
    for (let feature = 0; feature < this.features; feature++) {
      const weight = weights?.[feature] ?? 1;
      for (let at = this.#starts[feature]; at < this.#starts[feature + 1]; at++) {
        norms[this.#rows[at]] += (weight * float16Values[this.#values[at]]) ** 2;
      }
    }
    for (let row = 0; row < norms.length; row++) norms[row] = inverse(norms[row]);
    if (weights === undefined) this.#plainNorms = norms;
    else this.#weightedNorms.set(weights, norms);
    return norms;
  }
}

/** 1 / sqrt(squares), or 0 of nothing. */
function inverse(squares: number): number {
  return squares > 0 ? 1 / Math.sqrt(squares) : 0;
}

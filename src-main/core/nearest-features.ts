import { Nearest } from './nearest.ts';

/** Another feature of the same source layer, and the cosine of the two decoders. */
export interface FeatureNeighbour {
  feature: number;
  cosine: number;
}

/** Norms of the rows of `matrix` [rows, columns]: of W_dec_i [m, L-i, d] with columns = d, one a feature and target. */
export function rowNorms(matrix: Float32Array, columns: number): Float32Array {
  return Float32Array.from({ length: matrix.length / columns }, (_, row) => {
    let squares = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) squares += matrix[at] * matrix[at];
    return Math.sqrt(squares);
  });
}

/**
 * Divides every row of `matrix` [rows, columns] by its norm, in place, so that products of rows are cosines; a zero row
 * stays zero, and so does its cosine to every other.
 */
export function normaliseRows(matrix: Float32Array, columns: number): void {
  rowNorms(matrix, columns).forEach((norm, row) => {
    if (norm === 0) return;
    for (let at = row * columns; at < (row + 1) * columns; at++) matrix[at] /= norm;
  });
}

/**
 * The `count` features whose decoders are nearest to those of the features first, first + 1, ..., given the rows of
 * `cosines` [rows, m] to all features of the layer: by falling cosine, the lower feature first on a tie, none its own
 * neighbour (method, section 8).
 */
export function nearestFeatures(
  cosines: Float32Array,
  features: number,
  first: number,
  count: number,
): FeatureNeighbour[][] {
  return Array.from({ length: cosines.length / features }, (_, row) => {
    const nearest = new Nearest(count);
    for (let feature = 0; feature < features; feature++) {
      if (feature !== first + row) nearest.offer(feature, cosines[row * features + feature]);
    }
    return nearest.list().map(({ row: feature, similarity }) => ({ feature, cosine: similarity }));
  });
}

/**
 * Indices of the k largest scores, in ascending index order. Ties at the k-th place go to the lower index, as
 * everywhere in Strata (method, section 2). scores [m]; k at most m is used.
 */
export function topKIndices(scores: Float32Array, k: number): number[] {
  const order = Array.from(scores.keys());
  order.sort((a, b) => scores[b] - scores[a] || a - b);
  return order.slice(0, k).sort((a, b) => a - b);
}

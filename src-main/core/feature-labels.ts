/** The text that best describes a feature (method, section 8). */
export interface FeatureLabel {
  /** Place in the list of texts. */
  text: number;
  /** To the feature's weighted mean image embedding. */
  cosine: number;
  /** Cosine above the runner-up's; null where there is one text only. */
  margin: number | null;
}

/**
 * The best of `texts` [n, p], each of length 1, for a feature's weighted mean image embedding [p], of any length; the
 * lower place wins a tie. With `centre` [p] (meanDirection) the embedding's direction is taken from there: every image
 * embedding leans the same way, and what they share decides nothing about one feature. Undefined for a feature without
 * an embedding (it never fired) and where there are no texts.
 */
export function labelFeature(
  embedding: Float32Array,
  texts: Float32Array,
  centre?: Float32Array,
): FeatureLabel | undefined {
  const width = embedding.length;
  const norm = normOf(embedding);
  if (norm === 0 || texts.length === 0) return undefined;
  const direction = embedding.map((value, at) => value / norm - (centre?.[at] ?? 0));
  const length = normOf(direction) || 1;
  let text = -1;
  let best = Number.NEGATIVE_INFINITY;
  let second = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < texts.length / width; at++) {
    let product = 0;
    for (let i = 0; i < width; i++) product += direction[i] * texts[at * width + i];
    if (product > best) [text, best, second] = [at, product, best];
    else if (product > second) second = product;
  }
  return { text, cosine: best / length, margin: second === Number.NEGATIVE_INFINITY ? null : (best - second) / length };
}

/** Mean [p] of the directions of `embeddings` [p]; those of length 0 do not count. */
export function meanDirection(embeddings: Iterable<Float32Array>, width: number): Float32Array {
  const sum = new Float64Array(width);
  let count = 0;
  for (const embedding of embeddings) {
    const norm = normOf(embedding);
    if (norm === 0) continue;
    count++;
    for (let at = 0; at < width; at++) sum[at] += embedding[at] / norm;
  }
  return Float32Array.from(sum, (value) => value / Math.max(count, 1));
}

function normOf(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

export interface ConfusedPair {
  /** Class of the images, and the class they were taken for. */
  classIndex: number;
  takenForIndex: number;
  images: number;
  /** Places in `labels` of the first of them, ascending. */
  examples: number[];
}

const examplesKept = 12;

/**
 * The k ordered pairs of different classes with the most images of the one predicted as the other; the lower class index
 * first where they tie. labels and predicted [images].
 */
export function worstPairs(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  k: number,
): ConfusedPair[] {
  const pairs = new Map<number, ConfusedPair>();
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] === predicted[at]) continue;
    const key = labels[at] * classes + predicted[at];
    const pair = pairs.get(key) ?? { classIndex: labels[at], takenForIndex: predicted[at], images: 0, examples: [] };
    pairs.set(key, pair);
    pair.images += 1;
    if (pair.examples.length < examplesKept) pair.examples.push(at);
  }
  const order = [...pairs].sort(([keyA, a], [keyB, b]) => b.images - a.images || keyA - keyB);
  return order.slice(0, k).map(([, pair]) => pair);
}

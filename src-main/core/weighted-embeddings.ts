/** Images whose embeddings are added at once, which halves the time against one by one. */
interface HeldImage {
  /** [features]; the magnitude is what weighs. */
  weights: Float32Array;
  /** [p], of length 1. */
  embedding: Float64Array;
}

/** For every feature the sum over images of |weight| * embedding / |embedding| (method, section 8). */
export class WeightedEmbeddings {
  readonly #width: number;
  /** [features, p] */
  readonly #sums: Float32Array;
  readonly #held: HeldImage[];
  #heldCount = 0;

  constructor(features: number, width: number) {
    this.#width = width;
    this.#sums = new Float32Array(features * width);
    this.#held = Array.from({ length: 4 }, () => ({
      weights: new Float32Array(features),
      embedding: new Float64Array(width),
    }));
  }

  /** Adds an image by its embedding [p]. Gives its weights [features], all 0, to be filled before the next call. */
  add(embedding: Float32Array): Float32Array {
    if (this.#heldCount === this.#held.length) this.#addHeld();
    const held = this.#held[this.#heldCount++];
    held.weights.fill(0);
    held.embedding.set(embedding);
    normalise(held.embedding);
    return held.weights;
  }

  /** The feature's sum [p]; its direction is that of the weighted mean. */
  sum(feature: number): Float32Array {
    if (this.#heldCount > 0) this.#addHeld();
    return this.#sums.subarray(feature * this.#width, (feature + 1) * this.#width);
  }

  #addHeld(): void {
    for (const { weights } of this.#held.slice(this.#heldCount)) weights.fill(0);
    this.#heldCount = 0;
    const sums = this.#sums;
    const width = this.#width;
    const [a, b, c, d] = this.#held.map(({ embedding }) => embedding);
    const [weightsA, weightsB, weightsC, weightsD] = this.#held.map(({ weights }) => weights);
    for (let feature = 0; feature < weightsA.length; feature++) {
      const wa = Math.abs(weightsA[feature]);
      const wb = Math.abs(weightsB[feature]);
      const wc = Math.abs(weightsC[feature]);
      const wd = Math.abs(weightsD[feature]);
      if (wa + wb + wc + wd === 0) continue;
      const start = feature * width;
      for (let at = 0; at < width; at++) {
        sums[start + at] = sums[start + at] + wa * a[at] + wb * b[at] + wc * c[at] + wd * d[at];
      }
    }
  }
}

/** vector / |vector|, in place; a zero vector stays zero. */
function normalise(vector: Float64Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) return;
  const scale = 1 / Math.sqrt(squares);
  for (let at = 0; at < vector.length; at++) vector[at] *= scale;
}

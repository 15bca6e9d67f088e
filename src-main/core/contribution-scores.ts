/** Source layers and their targets in the order of a token's shares: target by target, sources 0..target. */
export function contributionPairs(layers: number): { source: number; target: number }[] {
  return Array.from({ length: layers }, (_, target) =>
    Array.from({ length: target + 1 }, (_, source) => ({ source, target })),
  ).flat();
}

/**
 * One token's shares <c_{i->j}, y^_j> / |y^_j|^2 (method, section 5) in the order of `contributionPairs`, with the
 * bias-free reconstruction y^_j; contributions [source][target] of width d each, null where target < source. A target
 * that nothing is written to has no shares: NaN.
 */
export function contributionShares(contributions: readonly (readonly (Float32Array | null)[])[]): Float32Array {
  const shares: number[] = [];
  for (let target = 0; target < contributions.length; target++) {
    const terms = contributions.slice(0, target + 1).map((row) => row[target] as Float32Array);
    const total = new Float64Array(terms[0].length);
    for (const term of terms) for (let at = 0; at < total.length; at++) total[at] += term[at];
    const norm = total.reduce((sum, value) => sum + value * value, 0);
    for (const term of terms) shares.push(total.reduce((sum, value, at) => sum + value * term[at], 0) / norm);
  }
  return Float32Array.from(shares);
}

/** Contribution scores C_{i->j} of one token group: the mean of its tokens' shares. Every target's scores sum to 1. */
export class ContributionScores {
  readonly #layers: number;
  readonly #sum: Float64Array;
  readonly #tokens: Float64Array;

  constructor(layers: number) {
    this.#layers = layers;
    this.#sum = new Float64Array((layers * (layers + 1)) / 2);
    this.#tokens = new Float64Array(this.#sum.length);
  }

  /** One token's shares, as `contributionShares` orders them. */
  add(shares: Float32Array): void {
    for (let at = 0; at < shares.length; at++) {
      if (Number.isNaN(shares[at])) continue;
      this.#sum[at] += shares[at];
      this.#tokens[at] += 1;
    }
  }

  /** Takes in the scores of other tokens. */
  merge(other: ContributionScores): void {
    for (let at = 0; at < this.#sum.length; at++) {
      this.#sum[at] += other.#sum[at];
      this.#tokens[at] += other.#tokens[at];
    }
  }

  /** [source][target], null above the diagonal (target < source) and for a target nothing was written to. */
  finish(): (number | null)[][] {
    const matrix = Array.from({ length: this.#layers }, () => Array<number | null>(this.#layers).fill(null));
    contributionPairs(this.#layers).forEach(({ source, target }, at) => {
      if (this.#tokens[at] > 0) matrix[source][target] = this.#sum[at] / this.#tokens[at];
    });
    return matrix;
  }
}

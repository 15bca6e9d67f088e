/**
 * Streaming contribution scores C_{i->j} (method, section 5) for one token group: the mean over tokens of
 * <c_{i->j}, y^_j> / |y^_j|^2 with the bias-free reconstruction y^_j, so that every target's scores sum to 1.
 */
export class ContributionScores {
  readonly #layers: number;
  readonly #sum: Float64Array;
  readonly #tokens: Float64Array;

  constructor(layers: number) {
    this.#layers = layers;
    this.#sum = new Float64Array(layers * layers);
    this.#tokens = new Float64Array(layers);
  }

  /** One token's contributions [source][target] of width d each, null where target < source. */
  add(contributions: readonly (readonly (Float32Array | null)[])[]): void {
    for (let target = 0; target < this.#layers; target++) {
      const terms = contributions.slice(0, target + 1).map((row) => row[target] as Float32Array);
      const total = new Float64Array(terms[0].length);
      for (const term of terms) for (let at = 0; at < total.length; at++) total[at] += term[at];
      const norm = total.reduce((sum, value) => sum + value * value, 0);
      // A token on which no feature writes to this target has no shares to give.
      if (norm === 0) continue;
      terms.forEach((term, source) => {
        let product = 0;
        for (let at = 0; at < total.length; at++) product += term[at] * total[at];
        this.#sum[source * this.#layers + target] += product / norm;
      });
      this.#tokens[target] += 1;
    }
  }

  /** [source][target], null above the diagonal (target < source) and for a target nothing was written to. */
  finish(): (number | null)[][] {
    const layers = Array.from({ length: this.#layers }, (_, layer) => layer);
    return layers.map((source) =>
      layers.map((target) =>
        target < source || this.#tokens[target] === 0
          ? null
          : this.#sum[source * this.#layers + target] / this.#tokens[target],
      ),
    );
  }
}

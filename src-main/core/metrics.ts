/** Reconstruction of one layer over one token group (method, section 3), in raw activation units. */
export interface ReconstructionRow {
  layer: number;
  cosine: number;
  mse: number;
  r2: number;
  /** Mean number of non-zero features per token. */
  l0: number;
  /** Share of features never active on the group's tokens. */
  dead: number;
}

/**
 * Streaming reconstruction metrics of all layers over one token group, in double precision. Meters of disjoint token
 * sets can be added.
 */
export class ReconstructionMeter {
  readonly #layers: number;
  readonly #width: number;
  readonly #features: number;
  readonly #cosine: Float64Array;
  readonly #squaredError: Float64Array;
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;
  readonly #active: Float64Array;
  readonly #fired: Float64Array;
  #tokens = 0;

  constructor(layers: number, width: number, features: number) {
    this.#layers = layers;
    this.#width = width;
    this.#features = features;
    this.#cosine = new Float64Array(layers);
    this.#squaredError = new Float64Array(layers);
    this.#sum = new Float64Array(layers * width);
    this.#squares = new Float64Array(layers * width);
    this.#active = new Float64Array(layers);
    this.#fired = new Float64Array(layers * features);
  }

  /** Row `token` of y and yhat [tokens, L, d] and of l0 [tokens, L]. */
  addToken(y: Float32Array, yhat: Float32Array, l0: Float32Array, token: number): void {
    for (let layer = 0; layer < this.#layers; layer++) {
      const start = (token * this.#layers + layer) * this.#width;
      const column = layer * this.#width;
      let product = 0;
      let norm = 0;
      let normHat = 0;
      let error = 0;
      for (let at = 0; at < this.#width; at++) {
        const real = y[start + at];
        const rebuilt = yhat[start + at];
        product += real * rebuilt;
        norm += real * real;
        normHat += rebuilt * rebuilt;
        error += (real - rebuilt) ** 2;
        this.#sum[column + at] += real;
        this.#squares[column + at] += real * real;
      }
      this.#cosine[layer] += norm > 0 && normHat > 0 ? product / Math.sqrt(norm * normHat) : 0;
      this.#squaredError[layer] += error;
      this.#active[layer] += l0[token * this.#layers + layer];
    }
    this.#tokens += 1;
  }

  /** How many tokens of the group each feature fired on, [L, m]; may be called per batch. */
  addFired(fired: ArrayLike<number>): void {
    for (let at = 0; at < this.#fired.length; at++) this.#fired[at] += fired[at];
  }

  /** Takes in a meter of other tokens with the same shape. */
  merge(other: ReconstructionMeter): void {
    const add = (target: Float64Array, source: Float64Array) => {
      for (let at = 0; at < target.length; at++) target[at] += source[at];
    };
    add(this.#cosine, other.#cosine);
    add(this.#squaredError, other.#squaredError);
    add(this.#sum, other.#sum);
    add(this.#squares, other.#squares);
    add(this.#active, other.#active);
    add(this.#fired, other.#fired);
    this.#tokens += other.#tokens;
  }

  /** One row per layer. Throws when no token was added. */
  finish(): ReconstructionRow[] {
    const tokens = this.#tokens;
    if (tokens === 0) throw new Error('reconstruction metrics of no tokens');
    return Array.from({ length: this.#layers }, (_, layer) => {
      let spread = 0;
      for (let at = layer * this.#width; at < (layer + 1) * this.#width; at++) {
        spread += this.#squares[at] - this.#sum[at] ** 2 / tokens;
      }
      const fired = this.#fired.subarray(layer * this.#features, (layer + 1) * this.#features);
      return {
        layer,
        cosine: this.#cosine[layer] / tokens,
        mse: this.#squaredError[layer] / (tokens * this.#width),
        r2: 1 - this.#squaredError[layer] / spread,
        l0: this.#active[layer] / tokens,
        dead: fired.reduce((count, times) => count + (times === 0 ? 1 : 0), 0) / this.#features,
      };
    });
  }
}

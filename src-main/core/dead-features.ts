/** Keeps, for every feature [L, m], the tokens seen since it last fired (method, section 2: |z| > 0). */
export class DeadFeatures {
  /** [L, m]; part of a checkpoint. */
  readonly sinceFired: Float32Array;
  readonly #after: number;

  constructor(sinceFired: Float32Array, deadAfterTokens: number) {
    this.sinceFired = sinceFired;
    this.#after = deadAfterTokens;
  }

  /** fired [L, m]: tokens of a batch on which each feature fired. */
  add(fired: Float32Array, tokens: number): void {
    for (let at = 0; at < fired.length; at++) {
      this.sinceFired[at] = fired[at] > 0 ? 0 : this.sinceFired[at] + tokens;
    }
  }

  /** 1 for each dead feature [L, m], or undefined while none is. */
  mask(): Float32Array | undefined {
    const mask = this.sinceFired.map((tokens) => (tokens >= this.#after ? 1 : 0));
    return mask.includes(1) ? mask : undefined;
  }

  /** Share of a layer's features that are dead. */
  share(layer: number, layers: number): number {
    const size = this.sinceFired.length / layers;
    const own = this.sinceFired.subarray(layer * size, (layer + 1) * size);
    return own.reduce((count, tokens) => count + (tokens >= this.#after ? 1 : 0), 0) / size;
  }
}

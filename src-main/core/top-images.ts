/** An image on which a feature is strong: the token where |z| is largest, and z there with its sign. */
export interface FeatureImage {
  /** The image's index in its data set. */
  image: number;
  token: number;
  value: number;
}

/** The N images of largest |value| for every feature; the lower image index first on a tie. */
export class TopImages {
  readonly #count: number;
  /** [features, N], empty places last with value 0. */
  readonly #images: Int32Array;
  readonly #tokens: Int32Array;
  readonly #values: Float32Array;

  constructor(features: number, count: number) {
    this.#count = count;
    this.#images = new Int32Array(features * count);
    this.#tokens = new Int32Array(features * count);
    this.#values = new Float32Array(features * count);
  }

  /** Puts an image, offered once, in its place among the feature's best, if it has one; `value` is not 0. */
  offer(feature: number, image: number, token: number, value: number): void {
    const first = feature * this.#count;
    let at = first + this.#count - 1;
    if (!this.#isBetter(value, image, at)) return;
    for (; at > first && this.#isBetter(value, image, at - 1); at--) {
      this.#values[at] = this.#values[at - 1];
      this.#images[at] = this.#images[at - 1];
      this.#tokens[at] = this.#tokens[at - 1];
    }
    this.#values[at] = value;
    this.#images[at] = image;
    this.#tokens[at] = token;
  }

  /** Best first. */
  list(feature: number): FeatureImage[] {
    const list: FeatureImage[] = [];
    for (let at = feature * this.#count; at < (feature + 1) * this.#count && this.#values[at] !== 0; at++) {
      list.push({ image: this.#images[at], token: this.#tokens[at], value: this.#values[at] });
    }
    return list;
  }

  #isBetter(value: number, image: number, at: number): boolean {
    const magnitude = Math.abs(value);
    const other = Math.abs(this.#values[at]);
    return magnitude > other || (magnitude === other && image < this.#images[at]);
  }
}

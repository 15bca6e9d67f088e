import type { TokenGroup } from './tokens.ts';
import { type FeatureImage, TopImages } from './top-images.ts';
import { WeightedEmbeddings } from './weighted-embeddings.ts';

/** What a feature did on the images seen (method, section 8). */
export interface FeatureSummary {
  /** Share of the tokens of a group on which |z| > 0. */
  firingRate: Record<TokenGroup, number>;
  /** Share of the images with at least one such token. */
  imageRate: number;
  /** Mean z over the tokens on which the feature fires, with its sign; 0 for one that never does. */
  mean: number;
  /** The z of largest |z|, with its sign; 0 for one that never fires. */
  max: number;
  /** By falling |z|, one entry an image; the lower image index first on a tie. */
  topImages: FeatureImage[];
}

export interface FeatureStatisticsSize {
  /** Features in one code: L*m where the layers' codes lie side by side. */
  features: number;
  /** Tokens of an image, T; token 0 is CLS. */
  tokens: number;
  /** Width of the image embeddings, p. */
  embeddingWidth: number;
  /** Images kept for each feature, N. */
  topImages: number;
}

/**
 * Statistics of every feature in one pass over the images (method, section 8). Memory is features x (p + 3N) values,
 * however many images there are. A feature's weight on an image is its largest |z| there, so that one strong token
 * counts and a long tail of weak ones does not.
 */
export class FeatureStatistics {
  readonly size: FeatureStatisticsSize;
  #images = 0;
  readonly #firedCls: Float64Array;
  readonly #firedPatches: Float64Array;
  readonly #firedImages: Float64Array;
  readonly #sum: Float64Array;
  readonly #top: TopImages;
  readonly #embeddings: WeightedEmbeddings;
  /** Of the image at hand: the token of each feature's peak, and which features fired. */
  readonly #peakToken: Int32Array;
  readonly #touched: Int32Array;

  constructor(size: FeatureStatisticsSize) {
    const { features, embeddingWidth, topImages } = size;
    this.size = size;
    this.#firedCls = new Float64Array(features);
    this.#firedPatches = new Float64Array(features);
    this.#firedImages = new Float64Array(features);
    this.#sum = new Float64Array(features);
    this.#top = new TopImages(features, topImages);
    this.#embeddings = new WeightedEmbeddings(features, embeddingWidth);
    this.#peakToken = new Int32Array(features);
    this.#touched = new Int32Array(features);
  }

  get images(): number {
    return this.#images;
  }

  /** Adds an image, once: its codes z [T, features] and its embedding [p], which need not be normalised. */
  add(image: number, z: Float32Array, embedding: Float32Array): void {
    const { features, tokens, embeddingWidth } = this.size;
    if (z.length !== tokens * features || embedding.length !== embeddingWidth) {
      throw new RangeError(
        `expected ${tokens} x ${features} codes and an embedding of ${embeddingWidth}, found ${z.length} and ${embedding.length}`,
      );
    }
    const peaks = this.#embeddings.add(embedding);
    const touched = this.#scan(z, peaks);
    for (let at = 0; at < touched; at++) {
      const feature = this.#touched[at];
      this.#firedImages[feature]++;
      this.#top.offer(feature, image, this.#peakToken[feature], peaks[feature]);
    }
    this.#images++;
  }

  summary(feature: number): FeatureSummary {
    const { tokens } = this.size;
    const images = Math.max(this.#images, 1);
    const cls = this.#firedCls[feature];
    const patches = this.#firedPatches[feature];
    const fired = cls + patches;
    const topImages = this.#top.list(feature);
    return {
      firingRate: {
        cls: cls / images,
        patches: patches / (images * Math.max(tokens - 1, 1)),
        all: fired / (images * tokens),
      },
      imageRate: this.#firedImages[feature] / images,
      mean: fired === 0 ? 0 : this.#sum[feature] / fired,
      max: topImages[0]?.value ?? 0,
      topImages,
    };
  }

  /** The weighted sum of the unit image embeddings [p]; its direction is that of their weighted mean. */
  embeddingSum(feature: number): Float32Array {
    return this.#embeddings.sum(feature);
  }

  /** Counts one image's codes and puts every feature's peak into `peaks`; gives the number of features that fired. */
  #scan(z: Float32Array, peaks: Float32Array): number {
    // Local names: this loop sees every value of the dense codes, nearly all of them 0.
    const { features, tokens } = this.size;
    const sum = this.#sum;
    const peakToken = this.#peakToken;
    const touched = this.#touched;
    let count = 0;
    for (let token = 0; token < tokens; token++) {
      const fired = token === 0 ? this.#firedCls : this.#firedPatches;
      const start = token * features;
      for (let feature = 0; feature < features; feature++) {
        const value = z[start + feature];
        if (value === 0) continue;
        fired[feature]++;
        sum[feature] += value;
        const before = peaks[feature];
        if (before === 0) touched[count++] = feature;
        if (Math.abs(value) > Math.abs(before)) {
          peaks[feature] = value;
          peakToken[feature] = token;
        }
      }
    }
    return count;
  }
}

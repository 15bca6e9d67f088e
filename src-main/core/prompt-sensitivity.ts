import { classLogits, rankOf } from './zero-shot.ts';

/** Top-1 and top-5 of one model for each of several prompt templates alone (method, section 6). */
export class PromptMeter {
  readonly #banks: readonly Float32Array[];
  readonly #scale: number;
  readonly #top1: Float64Array;
  readonly #top5: Float64Array;
  #images = 0;

  /** banks: class embeddings [classes, p] of each template. */
  constructor(banks: readonly Float32Array[], scale: number) {
    this.#banks = banks;
    this.#scale = scale;
    this.#top1 = new Float64Array(banks.length);
    this.#top5 = new Float64Array(banks.length);
  }

  /** One image's projected embedding [p] and its class. */
  add(embedding: Float32Array, label: number): void {
    this.#banks.forEach((classes, template) => {
      const rank = rankOf(classLogits(embedding, classes, this.#scale), label);
      if (rank < 1) this.#top1[template] += 1;
      if (rank < 5) this.#top5[template] += 1;
    });
    this.#images += 1;
  }

  /** By template; over no images 0. */
  finish(): { top1: number[]; top5: number[] } {
    const share = (hits: Float64Array) => Array.from(hits, (count) => count / Math.max(this.#images, 1));
    return { top1: share(this.#top1), top5: share(this.#top5) };
  }
}

/** promptSpread: the standard deviation of top-1 over the templates themselves, so dividing by their number. */
export function promptSpread(top1: readonly number[]): number {
  const mean = top1.reduce((sum, value) => sum + value, 0) / top1.length;
  return Math.sqrt(top1.reduce((sum, value) => sum + (value - mean) ** 2, 0) / top1.length);
}

/** Mean over the templates of |replaced - frozen|. */
export function meanAbsDifference(replaced: readonly number[], frozen: readonly number[]): number {
  return replaced.reduce((sum, value, at) => sum + Math.abs(value - frozen[at]), 0) / replaced.length;
}

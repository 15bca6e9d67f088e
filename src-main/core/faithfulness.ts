import { LinearCka } from './linear-cka.ts';
import { spearman } from './rank.ts';
import { rankOf } from './zero-shot.ts';

/** A replaced model against the frozen one over a set of images (method, section 6). */
export interface Faithfulness {
  top1: number;
  top5: number;
  /** Images, and the frozen model's accuracy on the same ones. */
  n: number;
  frozenTop1: number;
  /** Nats. */
  kl: number;
  flipRate: number;
  top5Agreement: number;
  cosine: number;
  cka: number;
  spearman: number;
}

/** Log-probabilities of class logits. */
function logSoftmax(logits: Float32Array): Float64Array {
  const top = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const total = logits.reduce((sum, value) => sum + Math.exp(value - top), 0);
  return Float64Array.from(logits, (value) => value - top - Math.log(total));
}

/** Classes in order of falling logit; the lower index wins a tie. */
function ranking(logits: Float32Array): number[] {
  return Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a] || a - b);
}

export class FaithfulnessMeter {
  readonly #cka: LinearCka;
  readonly #sums = { top1: 0, top5: 0, frozenTop1: 0, kl: 0, flipRate: 0, top5Agreement: 0, cosine: 0, spearman: 0 };
  #images = 0;

  /** width: of the projected embeddings. */
  constructor(width: number) {
    this.#cka = new LinearCka(width);
  }

  /** One image: class logits and projected embedding of both models. */
  add(
    label: number,
    frozen: { logits: Float32Array; embedding: Float32Array },
    replaced: { logits: Float32Array; embedding: Float32Array },
  ): void {
    const sums = this.#sums;
    const rank = rankOf(replaced.logits, label);
    sums.top1 += rank < 1 ? 1 : 0;
    sums.top5 += rank < 5 ? 1 : 0;
    sums.frozenTop1 += rankOf(frozen.logits, label) < 1 ? 1 : 0;
    const [p, q] = [logSoftmax(frozen.logits), logSoftmax(replaced.logits)];
    sums.kl += p.reduce((sum, value, at) => sum + Math.exp(value) * (value - q[at]), 0);
    const [before, after] = [ranking(frozen.logits), ranking(replaced.logits)];
    sums.flipRate += before[0] === after[0] ? 0 : 1;
    const k = Math.min(5, before.length);
    const best = new Set(before.slice(0, k));
    sums.top5Agreement += after.slice(0, k).filter((index) => best.has(index)).length / k;
    sums.cosine += cosine(frozen.embedding, replaced.embedding);
    sums.spearman += spearman(frozen.logits, replaced.logits);
    this.#cka.add(frozen.embedding, replaced.embedding);
    this.#images += 1;
  }

  /** Throws when no image was added. */
  finish(): Faithfulness {
    if (this.#images === 0) throw new Error('faithfulness over no images');
    const { top1, top5, frozenTop1, kl, flipRate, top5Agreement, cosine, spearman } = this.#sums;
    const mean = (sum: number) => sum / this.#images;
    return {
      top1: mean(top1),
      top5: mean(top5),
      n: this.#images,
      frozenTop1: mean(frozenTop1),
      kl: mean(kl),
      flipRate: mean(flipRate),
      top5Agreement: mean(top5Agreement),
      cosine: mean(cosine),
      cka: this.#cka.finish(),
      spearman: mean(spearman),
    };
  }
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    product += a[at] * b[at];
    squaresA += a[at] * a[at];
    squaresB += b[at] * b[at];
  }
  return squaresA > 0 && squaresB > 0 ? product / Math.sqrt(squaresA * squaresB) : 0;
}

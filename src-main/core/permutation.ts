import { Rng } from './rng.ts';

/**
 * A seeded pseudo-random permutation of 0..size-1 in constant memory: a four-round Feistel network over the next even
 * power of two, walked until it lands inside the range. `at(i)` costs the same wherever a run resumes, so the place in
 * a shuffle is one number.
 */
export class Permutation {
  readonly size: number;
  readonly #halfBits: number;
  readonly #keys: Uint32Array;

  constructor(size: number, seed: number, stream: string) {
    if (!(size >= 1 && size <= 2 ** 48)) throw new Error(`a permutation needs 1 to 2^48 items, got ${size}`);
    this.size = size;
    this.#halfBits = Math.max(1, Math.ceil(Math.log2(size) / 2));
    const rng = new Rng(seed, stream);
    this.#keys = Uint32Array.from({ length: 4 }, () => rng.uint32());
  }

  /** Where item `index` of 0..size-1 goes. */
  at(index: number): number {
    let value = index;
    do value = this.#shuffle(value);
    while (value >= this.size);
    return value;
  }

  #shuffle(value: number): number {
    const half = 2 ** this.#halfBits;
    let left = Math.floor(value / half);
    let right = value % half;
    for (const key of this.#keys) {
      let mixed = Math.imul(right ^ key, 0x9e3779b1);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
      mixed ^= mixed >>> 13;
      [left, right] = [right, (left ^ ((mixed >>> 0) % half)) >>> 0];
    }
    return left * half + right;
  }
}

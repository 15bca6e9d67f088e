/**
 * Seeded random numbers. Every stream is named, so that adding one use of randomness never shifts another.
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), seeded by a string hash.
 */
export class Rng {
  readonly #state: Uint32Array;

  constructor(seed: number, stream: string) {
    this.#state = hash128(`${seed}/${stream}`);
    for (let warmUp = 0; warmUp < 12; warmUp++) this.uint32();
  }

  /** Uniform in 0..2^32-1. */
  uint32(): number {
    const s = this.#state;
    const result = (s[0] + s[1] + s[3]) >>> 0;
    s[3] += 1;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + result;
    return result;
  }

  /** Uniform in [0, 1), with 32 random bits. */
  uniform(): number {
    return this.uint32() / 2 ** 32;
  }

  /** Uniform integer in 0..bound-1, without bias. */
  below(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let value = this.uint32();
    while (value >= limit) value = this.uint32();
    return value % bound;
  }
}

/** Four 32-bit words from a string (FNV-1a with four offsets, then the murmur3 finaliser). */
function hash128(text: string): Uint32Array {
  return Uint32Array.from([0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35], (offset) => {
    let hash = offset;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  });
}

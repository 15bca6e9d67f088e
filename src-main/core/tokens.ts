import { Rng } from './rng.ts';

export const tokenGroups = ['cls', 'patches', 'all'] as const;
/** `cls` = token 0, `patches` = tokens 1..P, `all` = both (method, section 1). */
export type TokenGroup = (typeof tokenGroups)[number];

export type PatchesPerImage = number | 'all';

/** Tokens that are kept of an image with `tokens` = 1 + P tokens: CLS and the sampled patches. */
export function tokensPerImage(tokens: number, patches: PatchesPerImage): number {
  return patches === 'all' ? tokens : 1 + Math.min(patches, tokens - 1);
}

/**
 * CLS and n patches drawn without replacement, ascending. A pure function of (seed, image, epoch), so that a resumed
 * capture and a stream draw the same tokens as a straight one.
 */
export function sampleTokens(
  tokens: number,
  patches: PatchesPerImage,
  seed: number,
  image: number,
  epoch = 0,
): number[] {
  const count = tokensPerImage(tokens, patches) - 1;
  const pool = Array.from({ length: tokens - 1 }, (_, at) => at + 1);
  if (count === tokens - 1) return [0, ...pool];
  const rng = new Rng(seed, `tokens/${epoch}/${image}`);
  for (let at = 0; at < count; at++) {
    const other = at + rng.below(pool.length - at);
    [pool[at], pool[other]] = [pool[other], pool[at]];
  }
  return [0, ...pool.slice(0, count).sort((a, b) => a - b)];
}

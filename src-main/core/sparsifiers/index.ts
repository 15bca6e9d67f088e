import { absTopK } from './abs-topk.ts';
import { jumpReLU } from './jumprelu.ts';
import { relu } from './relu.ts';
import { reluTopK } from './relu-topk.ts';
import type { Sparsifier } from './sparsifier.ts';

/** Every sparsifier Strata knows, by id. This list is the only place where one is registered. */
export const sparsifiers: Readonly<Record<string, Sparsifier>> = Object.fromEntries(
  [reluTopK, absTopK, jumpReLU, relu].map((sparsifier) => [sparsifier.id, sparsifier]),
);

export const sparsifierIds = Object.keys(sparsifiers);

/** Throws when `id` names no sparsifier; recipes and files are validated before they get here. */
export function sparsifierById(id: string): Sparsifier {
  if (!Object.hasOwn(sparsifiers, id))
    throw new Error(`unknown sparsifier '${id}' (known: ${sparsifierIds.join(', ')})`);
  return sparsifiers[id];
}

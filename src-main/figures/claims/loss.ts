import { decimal } from '../format.ts';
import { mean } from '../statistics.ts';
import type { Verdict } from './claim.ts';

/**
 * Accuracy counts as kept while less than this share of the images is lost: between the largest loss published for late
 * windows and CLS (0.4 percentage points) and the smallest for replacing all blocks on all tokens (4.0).
 */
const margin = 0.03;
const marginWords = `${100 * margin} percentage points`;

/** A difference of accuracies with its standard error, both as shares. */
export interface Loss {
  loss: number;
  error: number;
}

export const errorWords =
  'An error is the standard error of a difference on n images: sqrt(changed + 1) / n, with all predictions that change as the bound for ' +
  'those that turn right or wrong, where their number is known; else that of two independent binomial shares, which overstates it. ' +
  'Over seeds, losses and errors are averaged, as the seeds may share their images.';

export const keepRule =
  `A loss against the frozen model on the same images is within the margin when loss + 2 errors ≤ ${marginWords}; it exceeds it when ` +
  `loss > ${marginWords} and loss − 2 errors > 0; else it is undecided.`;

/** Loss of `top1` against `reference` on the same n images; `changed` is the share of predictions that differ. */
export function lossOf(reference: number, top1: number, n: number, changed?: number): Loss {
  // One image more, here and below: shares of 0 or 1 and unchanged predictions have errors too.
  const independent = Math.sqrt((reference * (1 - reference) + top1 * (1 - top1)) / n + 1 / n ** 2);
  const paired = changed === undefined ? Infinity : Math.sqrt(changed * n + 1) / n;
  return { loss: reference - top1, error: Math.min(paired, independent) };
}

export function averaged(losses: readonly Loss[]): Loss {
  return { loss: mean(losses.map(({ loss }) => loss)), error: mean(losses.map(({ error }) => error)) };
}

/** Whether a loss is within the margin, by `keepRule`. */
export function keeps({ loss, error }: Loss): Verdict {
  if (loss + 2 * error <= margin) return 'holds';
  return loss > margin && loss - 2 * error > 0 ? 'does not hold' : 'undecided';
}

/** A loss in percentage points; a gain is negative. */
export const lost = (loss: number) => decimal(100 * loss, 1);
/** A loss with two errors, in percentage points. */
export const lossText = ({ loss, error }: Loss) => `${lost(loss)} ± ${(200 * error).toFixed(1)}`;

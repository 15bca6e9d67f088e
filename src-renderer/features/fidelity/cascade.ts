import type { Results } from '../../../src-main/contract/results.ts';
import { percent } from './format.ts';
import type { TokenGroup } from './metrics.ts';

export type CascadeRow = NonNullable<Results['cascade']>[number];
type Measure = 'kl' | 'flipRate' | 'top5Agreement' | 'cosine' | 'cka' | 'spearman';

/** The measures of faithfulness (method, section 6). */
export const measures: readonly {
  key: Measure;
  label: string;
  meaning: string;
  limits: readonly [number, number];
  format(value: number): string;
}[] = [
  {
    key: 'kl',
    label: 'KL',
    meaning: 'divergence from the frozen class probabilities (nats)',
    limits: [0, Number.POSITIVE_INFINITY],
    format: (value) => value.toFixed(4),
  },
  {
    key: 'flipRate',
    label: 'Flips',
    meaning: 'images whose prediction changes',
    limits: [0, 1],
    format: percent,
  },
  {
    key: 'top5Agreement',
    label: 'Top-5 shared',
    meaning: 'share of the five best classes in common',
    limits: [0, 1],
    format: percent,
  },
  {
    key: 'cosine',
    label: 'Cosine',
    meaning: 'mean cosine of the image embeddings',
    limits: [-1, 1],
    format: (value) => value.toFixed(4),
  },
  {
    key: 'cka',
    label: 'CKA',
    meaning: 'linear CKA of the embeddings',
    limits: [0, 1],
    format: (value) => value.toFixed(4),
  },
  {
    key: 'spearman',
    label: 'Spearman',
    meaning: 'mean rank correlation of the class logits',
    limits: [-1, 1],
    format: (value) => value.toFixed(4),
  },
];

/** Blocks from..L-1 as they are written. */
export function windowLabel(from: number, layers: number): string {
  return `${from}→${layers - 1}`;
}

/** A point of the cascade in an address: `3.all`. */
export function windowOf(text: string | undefined): { from: number; tokens: TokenGroup } | undefined {
  const found = /^(\d{1,4})\.(cls|patches|all)$/.exec(text ?? '');
  return found ? { from: Number(found[1]), tokens: found[2] as TokenGroup } : undefined;
}

/** What a flip did. */
export type FlipKind = 'lost' | 'won' | 'moved';

/** lost: right before and wrong after; won: the other way round; moved: wrong both times. */
export function flipKind({ truth, before, after }: { truth: number; before: number; after: number }): FlipKind {
  if (before === truth) return 'lost';
  return after === truth ? 'won' : 'moved';
}

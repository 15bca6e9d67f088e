import { audit } from './audit.ts';
import { cascade } from './cascade.ts';
import { cascadeTable } from './cascade-table.ts';
import { contribution } from './contribution.ts';
import { faithfulness } from './faithfulness.ts';
import type { Figure } from './figure.ts';
import { necessity } from './necessity.ts';
import { promptSpread } from './prompt-spread.ts';
import { reconstruction } from './reconstruction.ts';
import { retrievalPrecision } from './retrieval-precision.ts';
import { retrievalSheet } from './retrieval-sheet.ts';

/** Every figure, in the order in which a report shows them. A new figure is one file and one entry here. */
export const figures: readonly Figure[] = [
  reconstruction,
  cascade,
  cascadeTable,
  faithfulness,
  contribution,
  necessity,
  audit,
  promptSpread,
  retrievalPrecision,
  retrievalSheet,
];

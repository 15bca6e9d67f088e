import type { Migration } from 'kysely/migration';
import { initial } from './0001-initial.ts';
import { features } from './0002-features.ts';
import { runNotes } from './0003-run-notes.ts';
import { figureBasket } from './0004-figure-basket.ts';

export type Migrations = Readonly<Record<string, Migration>>;

/** Every change of the project database, in order. A migration that has been released is never edited. */
export const migrations: Migrations = {
  '0001-initial': initial,
  '0002-features': features,
  '0003-run-notes': runNotes,
  '0004-figure-basket': figureBasket,
};

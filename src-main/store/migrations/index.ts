import type { Migration } from 'kysely/migration';
import { initial } from './0001-initial.ts';

export type Migrations = Readonly<Record<string, Migration>>;

/** Every change of the project database, in order. A migration that has been released is never edited. */
export const migrations: Migrations = {
  '0001-initial': initial,
};

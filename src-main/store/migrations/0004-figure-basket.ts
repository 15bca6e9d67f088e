import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Figures that were put aside, to be arranged and exported. */
export const figureBasket: Migration = {
  async up(db) {
    await sql`create table "figureBasket" (
      id text primary key,
      position integer not null,
      figure text not null,
      runs text not null,
      width text not null check (width in ('single', 'double')),
      formats text not null,
      caption text
    ) strict`.execute(db);
  },
};

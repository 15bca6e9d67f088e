import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const statement = sql`create table "runNotes" (
  "runId" text primary key references runs (id) on delete cascade,
  tags text not null,
  note text not null
) strict`;

/** What a person says about a run. It is apart from the run, which never changes. */
export const runNotes: Migration = {
  async up(db) {
    await statement.execute(db);
  },
};

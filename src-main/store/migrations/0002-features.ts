import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  sql`create table features (
    id integer primary key,
    "runId" text not null references runs (id) on delete cascade,
    layer integer not null,
    feature integer not null,
    rate real not null,
    "rateCls" real not null,
    "ratePatches" real not null,
    "imageRate" real not null,
    mean real not null,
    max real not null,
    label text,
    cosine real,
    margin real,
    unique ("runId", layer, feature)
  ) strict`,
  // One index an order that lists can have, ties included, with what lists are filtered by.
  sql`create index "featuresByRate" on features ("runId", rate desc, layer, feature, abs(max))`,
  sql`create index "featuresByMax" on features ("runId", abs(max) desc, layer, feature, rate)`,
  sql`create index "featuresByMean" on features ("runId", abs(mean) desc, layer, feature, rate, abs(max))`,
  sql`create index "featuresByMargin" on features ("runId", margin desc, layer, feature, rate, abs(max))`,
  sql`create index "featuresByLabel" on features ("runId", label collate nocase)`,
  // Apart from the rest, so that a search reads narrow rows only.
  sql`create table "featureDetails" (
    "featureId" integer primary key references features (id) on delete cascade,
    "topImages" text not null,
    "decoderNorms" text not null,
    nearest text not null
  ) strict`,
  sql`create virtual table "featureText" using fts5 (label, classes)`,
  sql`create trigger "featureTextFollows" after delete on features begin
    delete from "featureText" where rowid = old.id;
  end`,
];

/** The feature index: what every feature of a run's CLT did on the index images. */
export const features: Migration = {
  async up(db) {
    for (const statement of statements) await statement.execute(db);
  },
};

import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  sql`create table models (
    name text primary key,
    sha256 text not null,
    source text not null,
    info text not null,
    "createdAt" text not null
  ) strict`,
  sql`create table datasets (
    name text primary key,
    sha256 text not null,
    source text not null,
    format text not null,
    labels text not null,
    "createdAt" text not null,
    "completedAt" text
  ) strict`,
  sql`create table images (
    dataset text not null references datasets (name) on delete cascade,
    "index" integer not null,
    path text not null,
    split text not null,
    "classIndex" integer not null,
    "offset" integer,
    size integer not null,
    width integer not null,
    height integer not null,
    sha256 text not null,
    primary key (dataset, "index")
  ) strict, without rowid`,
  sql`create index "imagesBySplit" on images (dataset, split, "index")`,
  sql`create table "skippedImages" (
    dataset text not null references datasets (name) on delete cascade,
    path text not null,
    reason text not null,
    primary key (dataset, path)
  ) strict, without rowid`,
  sql`create table runs (
    id text primary key,
    name text not null,
    recipe text not null,
    "recipeHash" text not null unique,
    model text not null references models (name),
    dataset text not null references datasets (name),
    "createdAt" text not null
  ) strict`,
  sql`create table jobs (
    id text primary key,
    "runId" text not null references runs (id),
    kind text not null,
    state text not null,
    pid integer not null,
    "starterPid" integer not null,
    "createdAt" text not null,
    "startedAt" text,
    "finishedAt" text,
    "errorCode" text,
    "errorMessage" text
  ) strict`,
  sql`create unique index "oneActiveJobPerRun" on jobs ("runId") where state in ('queued', 'running', 'cancelling')`,
  sql`create table events (
    "jobId" text not null references jobs (id) on delete cascade,
    seq integer not null,
    time text not null,
    type text not null,
    payload text not null,
    primary key ("jobId", seq)
  ) strict, without rowid`,
  sql`create table results (
    "runId" text not null references runs (id),
    stage text not null,
    key text not null,
    section text not null,
    seconds real not null,
    "createdAt" text not null,
    primary key ("runId", stage, key)
  ) strict`,
];

export const initial: Migration = {
  async up(db) {
    for (const statement of statements) await statement.execute(db);
  },
};

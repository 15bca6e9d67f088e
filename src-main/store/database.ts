import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { StrataError } from '../contract/errors.ts';
import type { Migrations } from './migrations/index.ts';
import type { Tables } from './tables.ts';

/** Marks an SQLite file as a Strata project ("STRA"). */
const applicationId = 0x53545241;

export interface OpenDatabase {
  /** The one connection; `db` speaks through it. */
  sqlite: Database.Database;
  db: Kysely<Tables>;
}

/** A new project database with every migration applied. Throws when the file exists. */
export async function createDatabase(path: string, migrations: Migrations): Promise<void> {
  const opened = connect(new Database(path));
  try {
    opened.sqlite.pragma(`application_id = ${applicationId}`);
    await migrate(opened, path, migrations);
  } finally {
    await closeDatabase(opened);
  }
}

/**
 * Opens an existing project database, bringing it up to date first; a copy of an older one is kept beside it as
 * `<path>.before-<migration>`. PROJECT_INVALID when the file is not a project's, PROJECT_TOO_NEW when a later version
 * of Strata has changed it.
 */
export async function openDatabase(path: string, migrations: Migrations): Promise<OpenDatabase> {
  const opened = connect(new Database(path, { fileMustExist: true, timeout: 10_000 }));
  try {
    checkIsProject(opened.sqlite, path);
    const applied = appliedMigrations(opened.sqlite);
    const unknown = applied.filter((name) => !Object.hasOwn(migrations, name));
    if (unknown.length > 0) {
      const found = `it has ${unknown.join(', ')}, which this version does not know`;
      throw new StrataError(
        'PROJECT_TOO_NEW',
        `${path} was made by a later version of Strata (${found}); update Strata`,
      );
    }
    const pending = Object.keys(migrations).filter((name) => !applied.includes(name));
    if (pending.length > 0) {
      await opened.sqlite.backup(`${path}.before-${pending[0]}`);
      await migrate(opened, path, migrations);
    }
    opened.sqlite.pragma('journal_mode = WAL');
    opened.sqlite.pragma('synchronous = NORMAL');
    opened.sqlite.pragma('foreign_keys = ON');
    return opened;
  } catch (error) {
    await closeDatabase(opened);
    throw error;
  }
}

/** Kysely closes a connection only if it was used; the second call covers the other case. */
export async function closeDatabase({ db, sqlite }: OpenDatabase): Promise<void> {
  await db.destroy();
  sqlite.close();
}

function connect(sqlite: Database.Database): OpenDatabase {
  return { sqlite, db: new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) }) };
}

function checkIsProject(sqlite: Database.Database, path: string): void {
  let found: unknown;
  try {
    found = sqlite.pragma('application_id', { simple: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StrataError('PROJECT_INVALID', `${path} cannot be read as a project database: ${reason}`, { cause });
  }
  if (found !== applicationId) {
    throw new StrataError('PROJECT_INVALID', `${path} is an SQLite file, but not a Strata project's`);
  }
}

function appliedMigrations(sqlite: Database.Database): string[] {
  const query = sqlite.prepare<[], string>('select name from kysely_migration order by name').pluck();
  return query.all();
}

/** All or nothing: Kysely does not wrap SQLite's migrations in a transaction, so this does. */
async function migrate({ sqlite, db }: OpenDatabase, path: string, migrations: Migrations): Promise<void> {
  sqlite.exec('begin immediate');
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  sqlite.exec(error === undefined ? 'commit' : 'rollback');
  if (error !== undefined) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StrataError('PROJECT_INVALID', `${path} could not be brought up to date: ${reason}; it is unchanged`, {
      cause: error,
    });
  }
}

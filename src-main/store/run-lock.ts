import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Project, runDir } from './project-folder.ts';

/** Held by the process that works on a run. */
export interface RunLock {
  release(): void;
}

/**
 * Takes the run's lock, waiting up to `timeoutMs`; undefined when another process keeps it. The operating system frees
 * it when its holder dies in whatever way, so it says more than a process id, which may have been given out again.
 * (An exclusive SQLite transaction is a file lock on every platform.)
 */
export function acquireRunLock(project: Pick<Project, 'dir'>, runId: string, timeoutMs: number): RunLock | undefined {
  const dir = runDir(project, runId);
  mkdirSync(dir, { recursive: true });
  const lock = new Database(join(dir, 'lock'), { timeout: timeoutMs });
  try {
    lock.exec('begin exclusive');
    return { release: () => lock.close() };
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}

/** Whether a living process works on the run. */
export function isRunLocked(project: Pick<Project, 'dir'>, runId: string): boolean {
  const lock = acquireRunLock(project, runId, 0);
  lock?.release();
  return lock === undefined;
}

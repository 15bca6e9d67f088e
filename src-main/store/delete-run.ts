import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StrataError } from '../contract/errors.ts';
import { activeJob, interruptStaleJobs } from './jobs.ts';
import { type Project, runDir, shardsDir } from './project-folder.ts';
import { acquireRunLock } from './run-lock.ts';
import { runById } from './runs.ts';

/** What deleting runs gives back to the disk, in bytes. */
export interface Freed {
  /** Their folders: checkpoint, weights, index, log. */
  runs: number;
  /** Activation shards that no other run has been trained on. */
  shards: number;
}

/** What deleting these runs would free. NOT_FOUND when one of them does not exist. */
export async function freedByDeleting(project: Project, runIds: readonly string[]): Promise<Freed> {
  for (const id of runIds) await runById(project, id);
  const sizes = (dirs: string[]) => Promise.all(dirs.map(folderBytes));
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    runs: sum(await sizes(runIds.map((id) => runDir(project, id)))),
    shards: sum(await sizes((await shardsOnlyOf(project, runIds)).map((key) => join(shardsDir(project), key)))),
  };
}

/**
 * Deletes runs with their jobs, results, notes and files, and the shards that no other run has been trained on; says
 * what that freed. NOT_FOUND when one does not exist, ALREADY_EXISTS when a job is at one: then all of them stay.
 */
export async function deleteRuns(project: Project, runIds: readonly string[]): Promise<Freed> {
  await interruptStaleJobs(project);
  const freed = await freedByDeleting(project, runIds);
  const shards = await shardsOnlyOf(project, runIds);
  const locks = [];
  try {
    for (const id of runIds) {
      const lock = acquireRunLock(project, id, 0);
      const job = await activeJob(project, id);
      if (lock) locks.push(lock);
      if (lock && !job) continue;
      const by = job ? `job ${job.id} is ${job.state}` : 'another process works on it';
      throw new StrataError('ALREADY_EXISTS', `run ${id} cannot be deleted: ${by}; cancel it or wait for it to end`);
    }
    await project.db.transaction().execute(async (db) => {
      await db.deleteFrom('results').where('runId', 'in', runIds).execute();
      await db.deleteFrom('jobs').where('runId', 'in', runIds).execute();
      await db.deleteFrom('runs').where('id', 'in', runIds).execute();
    });
  } finally {
    for (const lock of locks) lock.release();
  }
  const dirs = [...runIds.map((id) => runDir(project, id)), ...shards.map((key) => join(shardsDir(project), key))];
  for (const dir of dirs) await rm(dir, { recursive: true, force: true });
  return freed;
}

const captured = z.object({ shards: z.string().regex(/^[0-9a-f]+$/) });

/**
 * Keys of the shards that these runs were trained on and no other run was. None while a run that has not recorded its
 * shards yet is being worked on, for it may be reading them.
 */
async function shardsOnlyOf(project: Project, runIds: readonly string[]): Promise<string[]> {
  const rows = await project.db
    .selectFrom('results')
    .select(['runId', 'section'])
    .where('stage', '=', 'capture')
    .where('key', '=', 'shards')
    .execute();
  const keys = rows.map(({ runId, section }) => ({ runId, key: captured.parse(JSON.parse(section)).shards }));
  const recorded = new Set(keys.map(({ runId }) => runId));
  const active = await project.db.selectFrom('jobs').select('runId').where('finishedAt', 'is', null).execute();
  if (active.some(({ runId }) => !recorded.has(runId))) return [];
  const others = new Set(keys.filter(({ runId }) => !runIds.includes(runId)).map(({ key }) => key));
  return [...new Set(keys.map(({ key }) => key))].filter((key) => !others.has(key));
}

/** 0 for a folder that is not there. */
async function folderBytes(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
}

import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { deleteRuns, freedByDeleting } from './delete-run.ts';
import { appendEvent } from './events.ts';
import { finishJob, queueJob } from './jobs.ts';
import { type Project, runDir, shardsDir } from './project-folder.ts';
import { writeResult } from './results.ts';
import { acquireRunLock } from './run-lock.ts';
import { writeRunNotes } from './run-notes.ts';
import { listRuns } from './runs.ts';
import { runInProject, temporaryProject } from './test-project.ts';

async function fill(dir: string, bytes: number): Promise<void> {
  await mkdir(join(dir, 'inner'), { recursive: true });
  await writeFile(join(dir, 'inner', 'file'), new Uint8Array(bytes));
}

/** A run that has been carried out: 1000 bytes of its own, trained on shards `key`. */
async function doneRun(project: Project, seed: number, key: string) {
  const run = await runInProject(project, seed);
  const job = await queueJob(project, run.id);
  appendEvent(project, job.id, { type: 'notice', level: 'info', message: 'hello' });
  const section = { shards: key, tokens: 10, bytes: 4000 };
  await writeResult(project, { runId: run.id, stage: 'capture', key: 'shards', section, seconds: 1 });
  await writeRunNotes(project, run.id, { tags: ['a'], note: '' });
  await finishJob(project, job.id, 'succeeded');
  await fill(runDir(project, run.id), 1000);
  return run;
}

const count = (project: Project, table: string) =>
  project.sqlite.prepare(`select count(*) from "${table}"`).pluck().get();

it('a deleted run takes its files with it, and shards once no other run was trained on them', async () => {
  const project = await temporaryProject(onTestFinished);
  const first = await doneRun(project, 0, 'aa');
  const second = await doneRun(project, 1, 'aa');
  const shards = join(shardsDir(project), 'aa');
  await fill(shards, 4000);

  expect(await freedByDeleting(project, [first.id])).toEqual({ runs: 1000, shards: 0 });
  expect(await freedByDeleting(project, [first.id, second.id])).toEqual({ runs: 2000, shards: 4000 });
  expect(await deleteRuns(project, [first.id])).toEqual({ runs: 1000, shards: 0 });
  expect([existsSync(runDir(project, first.id)), existsSync(shards)]).toEqual([false, true]);
  expect((await listRuns(project)).map(({ id }) => id)).toEqual([second.id]);

  // A run under way that has not said yet on which shards it trains may be reading these.
  const third = await runInProject(project, 2);
  const job = await queueJob(project, third.id);
  expect((await freedByDeleting(project, [second.id])).shards).toBe(0);
  await finishJob(project, job.id, 'cancelled');

  expect(await deleteRuns(project, [second.id])).toEqual({ runs: 1000, shards: 4000 });
  expect(existsSync(shards)).toBe(false);
  const left = ['runs', 'jobs', 'events', 'results', 'runNotes'].map((table) => count(project, table));
  expect(left).toEqual([1, 1, 0, 0, 0]);
});

it('a run that is worked on is not deleted, nor those chosen with it', async () => {
  const project = await temporaryProject(onTestFinished);
  const idle = await doneRun(project, 0, 'aa');
  const busy = await doneRun(project, 1, 'bb');
  const job = await queueJob(project, busy.id);
  const refused = { code: 'ALREADY_EXISTS', message: expect.stringContaining(job.id) };
  await expect(deleteRuns(project, [idle.id, busy.id])).rejects.toMatchObject(refused);
  await finishJob(project, job.id, 'cancelled');
  const lock = acquireRunLock(project, busy.id, 0);
  await expect(deleteRuns(project, [busy.id])).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  lock?.release();
  await expect(deleteRuns(project, [idle.id, 'nobody'])).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await listRuns(project)).toHaveLength(2);
  expect(existsSync(runDir(project, idle.id))).toBe(true);
  await deleteRuns(project, [idle.id, busy.id]);
  expect(await listRuns(project)).toEqual([]);
});

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { appendEvent, eventsAfter } from './events.ts';
import { finishJob, interruptStaleJobs, jobById, listJobs, markJobRunning, queueJob, requestCancel } from './jobs.ts';
import type { Project } from './project-folder.ts';
import { acquireRunLock, isRunLocked } from './run-lock.ts';
import { runInProject, temporaryDir, temporaryProject } from './test-project.ts';

const notice = (message: string) => ({ type: 'notice', level: 'info', message }) as const;

/** Starts a process that runs `script` with the project open as `project`. */
async function inAnotherProcess(project: Project, script: string) {
  const file = join(await temporaryDir(onTestFinished), 'script.mjs');
  const url = (name: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, name)).href);
  const imports = ['project.ts', 'jobs.ts', 'events.ts', 'run-lock.ts'].map(
    (name, at) => `import * as m${at} from ${url(name)};`,
  );
  const preamble = `const { openProject, markJobRunning, appendEvent, acquireRunLock } = { ...m0, ...m1, ...m2, ...m3 };
    const project = await openProject(${JSON.stringify(project.dir)});`;
  await writeFile(file, `${imports.join('\n')}\n${preamble}\n${script}`);
  return fork(file);
}

describe('jobs', () => {
  it('go from queued to running to their end, and stay there', async () => {
    const project = await temporaryProject(onTestFinished);
    const run = await runInProject(project);
    const job = await queueJob(project, run.id);
    expect(job).toMatchObject({ id: `${run.id}.1`, state: 'queued', startedAt: null, error: null });
    await expect(queueJob(project, run.id)).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await markJobRunning(project, job.id);
    expect((await jobById(project, job.id)).state).toBe('running');
    await finishJob(project, job.id, 'failed', { code: 'DISK_FULL', message: 'full' });
    await finishJob(project, job.id, 'succeeded');
    await requestCancel(project, job.id);
    expect(await jobById(project, job.id)).toMatchObject({
      state: 'failed',
      error: { code: 'DISK_FULL', message: 'full' },
      finishedAt: expect.any(String),
    });
    expect((await queueJob(project, run.id)).id).toBe(`${run.id}.2`);
    expect((await listJobs(project)).map(({ state }) => state)).toEqual(['failed', 'queued']);
  });

  it('that are cancelled while queued do not come to run', async () => {
    const project = await temporaryProject(onTestFinished);
    const job = await queueJob(project, (await runInProject(project)).id);
    await requestCancel(project, job.id);
    await markJobRunning(project, job.id);
    expect((await jobById(project, job.id)).state).toBe('cancelling');
  });

  it('are interrupted once their process is gone, and not while it lives', async () => {
    const project = await temporaryProject(onTestFinished);
    const run = await runInProject(project);
    const job = await queueJob(project, run.id);
    const script = `const lock = acquireRunLock(project, ${JSON.stringify(run.id)}, 0);
      await markJobRunning(project, ${JSON.stringify(job.id)});
      process.send('running'); setInterval(() => lock, 1000);`;
    const worker = await inAnotherProcess(project, script);
    await once(worker, 'message');
    expect(isRunLocked(project, run.id)).toBe(true);
    expect(acquireRunLock(project, run.id, 0)).toBeUndefined();
    await interruptStaleJobs(project);
    expect(await jobById(project, job.id)).toMatchObject({
      state: 'running',
      pid: worker.pid,
      starterPid: process.pid,
    });

    worker.kill('SIGKILL');
    await once(worker, 'exit');
    await interruptStaleJobs(project);
    expect((await jobById(project, job.id)).state).toBe('interrupted');
    expect(isRunLocked(project, run.id)).toBe(false);
  });
});

describe('events', () => {
  it('are numbered from 1 within their job', async () => {
    const project = await temporaryProject(onTestFinished);
    const first = await queueJob(project, (await runInProject(project)).id);
    const second = await queueJob(project, (await runInProject(project, 1)).id);
    expect(appendEvent(project, first.id, notice('a')).seq).toBe(1);
    expect(appendEvent(project, first.id, notice('b')).seq).toBe(2);
    expect(appendEvent(project, second.id, notice('c')).seq).toBe(1);
    expect(await eventsAfter(project, first.id, 1)).toMatchObject([{ seq: 2, event: notice('b') }]);
    const broken = { type: 'training', step: Number.NaN } as const;
    expect(() => appendEvent(project, first.id, broken as unknown as ReturnType<typeof notice>)).toThrow();
  });

  it('reach a reader in order and whole while another process appends them', async () => {
    const project = await temporaryProject(onTestFinished);
    const job = await queueJob(project, (await runInProject(project)).id);
    const total = 3000;
    const writer = await inAnotherProcess(
      project,
      `for (let at = 1; at <= ${total}; at++)
         appendEvent(project, ${JSON.stringify(job.id)}, { type: 'notice', level: 'info', message: String(at) });
       await project.close(); process.disconnect();`,
    );
    const seen: number[] = [];
    let reads = 0;
    while (seen.length < total && (writer.exitCode === null || reads < 2)) {
      const records = await eventsAfter(project, job.id, seen.at(-1) ?? 0, 500);
      for (const { seq, event } of records) {
        expect(event).toEqual(notice(String(seq)));
        seen.push(seq);
      }
      reads = writer.exitCode === null || records.length > 0 ? 0 : reads + 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(seen).toEqual(Array.from({ length: total }, (_, at) => at + 1));
  });
});

import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { JobEvent } from '../contract/events.ts';
import { activeJob, jobById } from '../store/jobs.ts';
import type { Project } from '../store/project-folder.ts';
import { runInProject, temporaryDir, temporaryProject } from '../store/test-project.ts';
import { runLogPath } from './run-log.ts';
import { type RunningJob, startJob } from './start-job.ts';
import { watchJob } from './watch-job.ts';

const sleepForever = `await sleep(1e6, null, { signal });`;

/** Starts a job whose host runs `body` as its pipeline: events through `say`, cancellation through `signal`. */
async function start(project: Project, runId: string, body: string): Promise<RunningJob> {
  const pipelineModule = join(await temporaryDir(onTestFinished), 'pipeline.mjs');
  const errors = pathToFileURL(join(import.meta.dirname, '../contract/errors.ts')).href;
  await writeFile(
    pipelineModule,
    `import { setTimeout as sleep } from 'node:timers/promises';
     import { StrataError } from ${JSON.stringify(errors)};
     export async function runPipeline({ emit, signal, recipe, runId }) {
       const say = (message) => emit({ type: 'notice', level: 'info', message });
       ${body}
     }`,
  );
  return startJob(project, runId, { pipelineModule });
}

async function eventsOf(project: Project, { job }: RunningJob, afterSeq = 0): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  for await (const { event } of watchJob(project, job.id, afterSeq)) events.push(event);
  return events;
}

async function firstEvent(project: Project, { job }: RunningJob): Promise<void> {
  for await (const _ of watchJob(project, job.id)) return;
}

const notice = (message: string) => ({ type: 'notice', level: 'info', message });

it('runs in a process of its own, and a watcher sees every event and then the end', async () => {
  const project = await temporaryProject(onTestFinished);
  const run = await runInProject(project);
  const running = await start(
    project,
    run.id,
    `say(recipe.name); await sleep(300); say(runId); say(String(process.pid));`,
  );
  const events = await eventsOf(project, running);
  expect(events.slice(0, 2)).toEqual([notice('tiny'), notice(run.id)]);
  expect(events[2]).not.toEqual(notice(String(process.pid)));
  expect(await eventsOf(project, running, 2)).toEqual(events.slice(2));
  const job = await running.finished;
  expect(job).toMatchObject({ state: 'succeeded', error: null });
  expect(await activeJob(project, run.id)).toBeUndefined();
});

it('ends as cancelled, without an error, when it is cancelled', async () => {
  const project = await temporaryProject(onTestFinished);
  const running = await start(project, (await runInProject(project)).id, `say('here'); ${sleepForever}`);
  await firstEvent(project, running);
  await running.cancel();
  expect((await jobById(project, running.job.id)).state).toBe('cancelling');
  expect(await running.finished).toMatchObject({ state: 'cancelled', error: null });
});

it('carries an expected error over with its code, and keeps the stack of any other in the log', async () => {
  const project = await temporaryProject(onTestFinished);
  const run = await runInProject(project);
  const expected = await start(project, run.id, `throw new StrataError('DISK_FULL', 'the disk is full');`);
  const full = { code: 'DISK_FULL', message: 'the disk is full' };
  expect(await expected.finished).toMatchObject({ state: 'failed', error: full });

  const bug = await start(project, run.id, `function deepInside() { null.x; } deepInside();`);
  expect(await bug.finished).toMatchObject({
    state: 'failed',
    error: { code: 'JOB_FAILED', message: expect.stringContaining(`details are in runs/${run.id}/log`) },
  });
  expect(readFileSync(runLogPath(project, run.id), 'utf8')).toContain('at deepInside');

  const loose = await start(
    project,
    run.id,
    `setTimeout(() => { throw new Error('nobody waits'); }, 10); ${sleepForever}`,
  );
  expect(await loose.finished).toMatchObject({ error: { message: expect.stringContaining('nobody waits') } });
});

it('fails with the signal that ended its process, and can be run again', async () => {
  const project = await temporaryProject(onTestFinished);
  const run = await runInProject(project);
  const running = await start(project, run.id, `say('here'); ${sleepForever}`);
  await firstEvent(project, running);
  process.kill((await jobById(project, running.job.id)).pid, 'SIGKILL');
  expect(await running.finished).toMatchObject({
    state: 'failed',
    error: { code: 'JOB_FAILED', message: expect.stringContaining('SIGKILL') },
  });
  const again = await start(project, run.id, `say('done');`);
  expect(await eventsOf(project, again)).toEqual([notice('done')]);
  expect((await again.finished).state).toBe('succeeded');
});

it('is the only one of its run', async () => {
  const project = await temporaryProject(onTestFinished);
  const run = await runInProject(project);
  const running = await start(project, run.id, `say('here'); ${sleepForever}`);
  await firstEvent(project, running);
  const { pid } = await jobById(project, running.job.id);
  await expect(start(project, run.id, '')).rejects.toMatchObject({
    code: 'ALREADY_EXISTS',
    message: expect.stringContaining(`by process ${pid} since`),
  });
  running.kill();
  await running.finished;
});

it('that cannot start its process says so', async () => {
  const project = await temporaryProject(onTestFinished);
  const run = await runInProject(project);
  const running = await startJob(project, run.id, { hostEntry: join(project.dir, 'nowhere.ts') });
  expect(await running.finished).toMatchObject({
    state: 'failed',
    error: { message: expect.stringContaining('ended with exit code 1') },
  });
});

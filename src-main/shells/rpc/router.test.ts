import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recipeSchema } from '../../contract/recipe.ts';
import { beginDataset, completeDataset } from '../../store/datasets.ts';
import { finishJob, queueJob } from '../../store/jobs.ts';
import { addModel } from '../../store/models.ts';
import { createProject } from '../../store/project.ts';
import type { Project } from '../../store/project-folder.ts';
import { writeResult } from '../../store/results.ts';
import { runOf } from '../../store/runs.ts';
import { rpcRouter } from './router.ts';
import { plainShell, type Shell } from './shell.ts';
import { Workbench } from './workbench.ts';

let dir: string;
let project: Project;
const workbenches: Workbench[] = [];

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'strata-rpc-'));
  project = await createProject(path.join(dir, 'project'));
  await addModel(project, { name: 'mini-clip', sha256: 'a'.repeat(64), source: 'embedded:models/mini-clip', info: {} });
  const emoji = { name: 'emoji', source: 'embedded:resources/emoji', format: 'tar', classes: [], promptTemplates: [] };
  await beginDataset(project, emoji);
  await completeDataset(project, 'emoji', 'b'.repeat(64));
});

afterEach(async () => {
  await Promise.all(workbenches.splice(0).map((workbench) => workbench.close()));
  await project.close();
  await rm(dir, { recursive: true });
});

function client(projectDir?: string, shell?: Shell) {
  const workbench = new Workbench('1.2.3', projectDir, shell);
  workbenches.push(workbench);
  return createRouterClient(rpcRouter, { context: { workbench } });
}

const recipe = (name: string) => recipeSchema.parse({ name });

test('system.info names the version, the platform and the shell', async () => {
  const info = await client().system.info();
  expect(info).toMatchObject({ strata: '1.2.3', electron: null, platform: process.platform, shell: 'serve' });
});

test('without a project the summary is null, and what needs one says so', async () => {
  expect(await client().project.summary()).toBeNull();
  await expect(client().jobs.list()).rejects.toMatchObject({ code: 'EXPECTED', data: { code: 'NOT_FOUND' } });
});

test('the summary has the newest run first, with its state and its means', async () => {
  const first = await runOf(project, recipe('first'));
  const row = { layer: 0, cosine: 0.9, mse: 0.1, r2: 0.8, l0: 32, dead: 0.25 };
  const reconstruction = { cls: [row], patches: [row], all: [row, { ...row, layer: 1, cosine: 0.7, r2: 0.6, l0: 30 }] };
  const result = { runId: first.id, stage: 'evaluate', seconds: 1 };
  await writeResult(project, { ...result, key: 'reconstruction', section: reconstruction });
  await writeResult(project, { ...result, key: 'zeroShot', section: { top1: 0.5, top5: 0.9, n: 10 } });
  const second = await runOf(project, recipe('second'));
  const job = await queueJob(project, second.id);
  await finishJob(project, job.id, 'failed', { code: 'JOB_FAILED', message: 'the disk is full' });

  const summary = await client(project.dir).project.summary();
  expect(summary).toMatchObject({ dir: project.dir, name: 'project', models: ['mini-clip'], datasets: ['emoji'] });
  const [latest, earlier] = summary?.runs ?? [];
  expect(latest).toMatchObject({ name: 'second', state: 'failed', error: 'the disk is full', measured: null });
  expect(latest.jobId).toBe(job.id);
  expect(earlier).toMatchObject({ name: 'first', state: 'new', error: null, sparsifier: 'relu-topk', jobId: null });
  expect(earlier.measured?.cosine).toBeCloseTo(0.8);
  expect(earlier.measured).toMatchObject({ l0: 31, top1: 0.5 });
});

test('an expected error crosses with its code and message', async () => {
  await expect(client(path.join(dir, 'nowhere')).project.summary()).rejects.toMatchObject({
    code: 'EXPECTED',
    defined: true,
    message: expect.stringContaining('is not a Strata project'),
    data: { code: 'PROJECT_INVALID' },
  });
});

test('a project is made and another opened, and whoever watches hears of both', async () => {
  const { project: calls } = client();
  const controller = new AbortController();
  const changes = await calls.changes(undefined, { signal: controller.signal });
  expect(await changes.next()).toMatchObject({ value: 0 });
  const made = path.join(dir, 'made');
  expect(await calls.create({ dir: made })).toMatchObject({ dir: made, runs: [] });
  expect(await changes.next()).toMatchObject({ value: 1 });
  await expect(calls.create({ dir: made })).rejects.toMatchObject({ data: { code: 'ALREADY_EXISTS' } });
  expect(await calls.summary()).toMatchObject({ dir: made });
  expect(await calls.open({ dir: project.dir })).toMatchObject({ dir: project.dir });
  expect(await changes.next()).toMatchObject({ value: 2 });
  await runOf(project, recipe('elsewhere'));
  expect(await changes.next()).toMatchObject({ value: 3 });
  controller.abort();
});

test('the shell is asked for folders and told which projects were opened', async () => {
  const opened: string[] = [];
  const shell: Shell = {
    kind: 'electron',
    chooseFolder: async () => '/chosen',
    recent: {
      list: async () => opened.map((place) => ({ dir: place, name: 'x', openedAt: '2026-01-01T00:00:00Z' })),
      add: async (place) => void opened.push(place),
    },
  };
  const { system, project: calls } = client(project.dir, shell);
  expect(await system.chooseFolder()).toBe('/chosen');
  expect(await system.info()).toMatchObject({ shell: 'electron' });
  await Promise.all([calls.summary(), calls.summary()]);
  await calls.create({ dir: path.join(dir, 'made') });
  await calls.open({ dir: path.join(dir, 'made') });
  await writeFile(path.join(dir, 'file'), '');
  await expect(calls.open({ dir: path.join(dir, 'file') })).rejects.toMatchObject({ code: 'EXPECTED' });
  expect((await system.recentProjects()).map((recent) => recent.dir)).toEqual([project.dir, path.join(dir, 'made')]);
  expect(await client().system.chooseFolder()).toBeNull();
  expect(await plainShell.recent.list()).toEqual([]);
});

test('a process answers for the jobs it has queued, until they end', async () => {
  const workbench = new Workbench('1.2.3', project.dir);
  workbenches.push(workbench);
  const run = await runOf(project, recipe('first'));
  expect(await workbench.jobs()).toEqual([]);
  const { id } = await queueJob(project, run.id);
  expect((await workbench.jobs()).map(({ job }) => job.id)).toEqual([id]);
  await finishJob(project, id, 'cancelled');
  expect(await workbench.jobs()).toEqual([]);
});

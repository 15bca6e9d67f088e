import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StrataError } from '../../contract/errors.ts';
import { recipeSchema } from '../../contract/recipe.ts';
import { beginDataset, completeDataset } from '../../store/datasets.ts';
import { finishJob, queueJob } from '../../store/jobs.ts';
import { addModel } from '../../store/models.ts';
import { createProject } from '../../store/project.ts';
import type { Project } from '../../store/project-folder.ts';
import { writeResult } from '../../store/results.ts';
import { runOf } from '../../store/runs.ts';
import { type RpcContext, rpcRouter } from './router.ts';

let project: Project;

beforeEach(async () => {
  project = await createProject(await mkdtemp(path.join(os.tmpdir(), 'strata-rpc-')));
  await addModel(project, { name: 'mini-clip', sha256: 'a'.repeat(64), source: 'embedded:models/mini-clip', info: {} });
  const dataset = {
    name: 'emoji',
    source: 'embedded:resources/emoji',
    format: 'tar',
    classes: [],
    promptTemplates: [],
  };
  await beginDataset(project, dataset);
  await completeDataset(project, 'emoji', 'b'.repeat(64));
});

afterEach(async () => {
  await project.close();
  await rm(project.dir, { recursive: true });
});

const client = (open: RpcContext['project']) =>
  createRouterClient(rpcRouter, { context: { version: '1.2.3', project: open } });

const recipe = (name: string) => recipeSchema.parse({ name });

test('system.info names the version and the platform', async () => {
  const info = await client(async () => undefined).system.info();
  expect(info).toMatchObject({ strata: '1.2.3', electron: null, platform: process.platform });
});

test('without a project the summary is null', async () => {
  expect(await client(async () => undefined).project.summary()).toBeNull();
});

test('the summary has the newest run first, with its state and results', async () => {
  const first = await runOf(project, recipe('first'));
  const row = { layer: 0, cosine: 0.9, mse: 0.1, r2: 0.8, l0: 32, dead: 0.25 };
  const reconstruction = { cls: [row], patches: [row], all: [row] };
  const result = { runId: first.id, stage: 'evaluate', seconds: 1 };
  await writeResult(project, { ...result, key: 'reconstruction', section: reconstruction });
  await writeResult(project, { ...result, key: 'zeroShot', section: { top1: 0.5, top5: 0.9, n: 10 } });
  const second = await runOf(project, recipe('second'));
  const job = await queueJob(project, second.id);
  await finishJob(project, job.id, 'failed', { code: 'JOB_FAILED', message: 'the disk is full' });

  const summary = await client(async () => project).project.summary();
  expect(summary?.dir).toBe(project.dir);
  const [latest, earlier] = summary?.runs ?? [];
  expect(latest).toMatchObject({ name: 'second', state: 'failed', error: 'the disk is full', reconstruction: null });
  expect(earlier).toMatchObject({ name: 'first', state: 'new', error: null, sparsifier: 'relu-topk' });
  expect(earlier.reconstruction?.all).toEqual([row]);
});

test('an expected error crosses with its code and message', async () => {
  const open = async () => {
    throw new StrataError('PROJECT_INVALID', 'there is no project here');
  };
  await expect(client(open).project.summary()).rejects.toMatchObject({
    code: 'EXPECTED',
    defined: true,
    message: 'there is no project here',
    data: { code: 'PROJECT_INVALID' },
  });
});

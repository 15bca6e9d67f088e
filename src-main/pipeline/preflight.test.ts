import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Speeds } from '../contract/preflight.ts';
import { cltParameters } from '../core/clt-shape.ts';
import type { Project } from '../store/project-folder.ts';
import { demoProject, recipeOf, stageContext } from '../testing/project.ts';
import { capture } from './capture.ts';
import { estimate, preflightRun, trainingBytes } from './preflight.ts';
import { probeRun } from './questions/probe-run.ts';

let dir: string;
let project: Project;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strata-preflight-'));
  project = await demoProject(join(dir, 'project'));
});
afterAll(async () => {
  await project.close();
  rmSync(dir, { recursive: true });
});

const small = { capture: { maxImages: 40, patchesPerImage: 4 }, train: { features: 96, batchTokens: 64 } };
const size = { layers: 8, tokens: 65 };

test('tokens and disk are what capture then writes, and are found there afterwards', async () => {
  const recipe = recipeOf(small);
  const before = await preflightRun(project, recipe);
  expect(before).toMatchObject({ images: 40, tokensPerImage: 5, tokens: 200, testImages: 1222, features: 96 });
  expect(before.captured).toBe(false);
  const context = await stageContext(project, recipe);
  await capture.run(context);
  const written = await project.db.selectFrom('results').select('section').where('key', '=', 'shards').execute();
  expect(JSON.parse(written[0].section)).toMatchObject({ tokens: before.tokens, bytes: before.diskBytes });
  expect((await preflightRun(project, recipe)).captured).toBe(true);
});

test('what would stop a run is said, with what to change', async () => {
  const wide = await preflightRun(project, recipeOf({ train: { features: 4_000_000 } }));
  expect(wide.problems).toEqual([expect.stringMatching(/^Training needs about .* GB of memory.*Lower/)]);
  const poor = await preflightRun(project, recipeOf({ capture: { diskBudgetGB: 0.001 } }));
  expect(poor.problems).toEqual([expect.stringContaining('capture.diskBudgetGB')]);
  const stream = await preflightRun(project, recipeOf({ capture: { mode: 'stream', diskBudgetGB: 0.001 } }));
  expect(stream).toMatchObject({ diskBytes: 0, problems: [] });
  await expect(preflightRun(project, recipeOf({ dataset: 'other' }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('memory counts every parameter four times and grows with the batch', () => {
  const shape = { layers: 3, width: 8, features: 20, sparsifier: { kind: 'relu-topk', parameters: { k: 4 } } };
  const values = cltParameters(shape).reduce((sum, { shape: dims }) => sum + dims.reduce((a, b) => a * b, 1), 0);
  expect(trainingBytes(shape, 0)).toBeGreaterThanOrEqual(16 * values);
  const perToken = trainingBytes(shape, 101) - trainingBytes(shape, 100);
  expect(trainingBytes(shape, 1000) - trainingBytes(shape, 100)).toBe(900 * perToken);
});

test('seconds are work over speed', async () => {
  const speeds: Speeds = { imagesPerSecond: 10, secondsPerStep: 0.5, secondsPerToken: 0, seconds: 5, peakBytes: 1 };
  const recipe = recipeOf({ ...small, train: { ...small.train, steps: 20 } });
  const needs = { ...(await preflightRun(project, recipe)), captured: false };
  const { stages, seconds } = estimate(needs, recipe, speeds, size);
  expect(stages.slice(0, 2).map((stage) => stage.seconds)).toEqual([4, 10]);
  expect(seconds).toBeCloseTo(stages.reduce((sum, stage) => sum + stage.seconds, 0));
  const again = estimate({ ...needs, captured: true }, recipe, speeds, size);
  expect(again.stages[0].seconds).toBe(0);
  const streamed = estimate(needs, { ...recipe, capture: { ...recipe.capture, mode: 'stream' } }, speeds, size);
  // 20 steps of 64 tokens are 256 images of 5 tokens.
  expect(streamed.stages.slice(0, 2).map((stage) => stage.seconds)).toEqual([0, 10 + 25.6]);
});

test('the probe measures real speeds and leaves nothing behind', async () => {
  const recipe = recipeOf({ ...small, seed: 1 });
  const signal = new AbortController().signal;
  const speeds = await probeRun(project, { recipe }, signal);
  for (const value of Object.values(speeds)) expect(value).toBeGreaterThan(0);
  const started = performance.now();
  await capture.run(await stageContext(project, recipe));
  const captured = (performance.now() - started) / 1000;
  // Capture is mostly what was measured: within a factor that a busy machine explains.
  expect(40 / speeds.imagesPerSecond).toBeLessThan(4 * captured);
  expect(40 / speeds.imagesPerSecond).toBeGreaterThan(captured / 8);
  const runs = await project.db.selectFrom('runs').select('id').where('id', 'like', 'probe%').execute();
  expect(runs).toEqual([]);
  await expect(probeRun(project, { recipe }, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
});

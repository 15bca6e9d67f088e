import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Recipe } from '../contract/recipe.ts';
import { resultsSchema } from '../contract/results.ts';
import { reconstruct } from '../core/clt-reference.ts';
import { contributionShares } from '../core/contribution-scores.ts';
import { sparsifierIds } from '../core/sparsifiers/index.ts';
import { readCltFolder } from '../data/clt-folder.ts';
import { readTensor } from '../data/safetensors.ts';
import { CltModel } from '../engine/clt-model.ts';
import { startJob } from '../jobs/start-job.ts';
import { watchJob } from '../jobs/watch-job.ts';
import type { Project } from '../store/project-folder.ts';
import { runDir, shardsDir } from '../store/project-folder.ts';
import { readResult, resultsDocument } from '../store/results.ts';
import { runOf } from '../store/runs.ts';
import { relativeError } from '../testing/clt-golden.ts';
import { demoProject, recipeOf, stageContext } from '../testing/project.ts';
import { audit } from './audit.ts';
import { capture } from './capture.ts';
import { cascade } from './cascade.ts';
import { runPipeline, stages } from './index.ts';
import { necessity } from './necessity.ts';
import { train } from './train.ts';

let dir: string;
let project: Project;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strata-pipeline-'));
  project = await demoProject(join(dir, 'project'));
});
afterAll(async () => {
  await project.close();
  rmSync(dir, { recursive: true });
});

/** Small enough for a test, with everything that a real run has. */
function smallRecipe(name: string, keys: { train?: object; capture?: object } = {}): Recipe {
  return recipeOf({
    name,
    capture: { maxImages: 200, ...keys.capture },
    train: { features: 96, steps: 24, batchTokens: 256, checkpointEvery: 5, evaluateEvery: 8, ...keys.train },
    evaluate: { maxImages: 60, replacementImages: 20, promptTemplates: 'simple' },
    index: { maxImages: 40, queries: 10 },
  });
}

/** SHA-256 of every file in a folder, by name. */
function hashes(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  );
}

async function cltHashes(recipe: Recipe): Promise<Record<string, string>> {
  return hashes(join(runDir(project, (await runOf(project, recipe)).id), 'clt'));
}

describe.each(sparsifierIds)('a whole run with %s', (kind) => {
  // Small runs have dead features too, so that both gradient graphs are used.
  const recipe = smallRecipe(`whole-${kind}`, { train: { sparsifier: { kind }, deadAfterTokens: 1500 } });

  test('ends with a valid results document and a CLT that the reference reads the same', async () => {
    const context = await stageContext(project, recipe);
    await runPipeline(context);
    const results = resultsSchema.parse(
      JSON.parse(readFileSync(join(runDir(project, context.runId), 'results.json'), 'utf8')),
    );
    expect(results).toEqual(await resultsDocument(project, context.runId));
    expect(results.reconstruction.all).toHaveLength(8);
    expect(results.zeroShot.n).toBe(60);
    for (const matrix of Object.values(results.contribution ?? {})) {
      for (let target = 0; target < 8; target++) {
        const column = matrix.reduce((sum, row) => sum + (row[target] ?? 0), 0);
        expect(Math.abs(column - 1)).toBeLessThan(1e-4);
      }
    }
    expect(results.cascade).toHaveLength(24);
    for (const { ranking, tokens } of results.necessity ?? []) {
      const scores = results.contribution?.[tokens].map((row) => row[7] ?? 0) ?? [];
      expect(ranking.map((source) => scores[source])).toEqual(scores.toSorted((a, b) => b - a));
    }
    const flips = (await readResult(project, context.runId, 'cascade', 'flips')) as { flips: unknown[] }[];
    expect(flips.map((window) => window.flips.length / 20)).toEqual(results.cascade?.map(({ flipRate }) => flipRate));
    expect(results.necessity).toHaveLength(2);
    expect(results.audit?.map(({ layer }) => layer)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(results.audit?.map(({ frozenTop1 }) => frozenTop1))).toEqual(
      new Set(results.cascade?.map(({ frozenTop1 }) => frozenTop1)),
    );
    // Replacing patches in the last block cannot reach CLS, which alone is projected.
    expect(results.cascade?.at(-2)).toMatchObject({ from: 7, tokens: 'patches', flipRate: 0, kl: 0 });
    const training = context.events.filter((event) => event.type === 'training');
    expect(training.map(({ step }) => step)).toEqual([8, 16, 24]);
    expect(training[2].loss).toBeLessThan(training[0].loss);

    const folder = await readCltFolder(join(runDir(project, context.runId), 'clt'));
    expect(folder.shape.sparsifier.kind).toBe(kind);
    const weights = new Map<string, Float32Array>();
    for (const [name, index] of folder.files) weights.set(name, await readTensor(index, name));
    const x = Float32Array.from({ length: 3 * 8 * 192 }, (_, at) => Math.sin(at * 12.9898) * 2);
    const model = await CltModel.load(folder, 'cpu');
    const { yhat, l0, shares } = await model.run(x, new Float32Array(3).fill(1));
    await model.release();
    for (let token = 0; token < 3; token++) {
      const [from, to] = [token * 8 * 192, (token + 1) * 8 * 192];
      const reference = reconstruct(folder.shape, weights, x.subarray(from, to));
      expect(relativeError(yhat.subarray(from, to), reference.yhat)).toBeLessThan(1e-4);
      const own = shares.subarray(token * 36, (token + 1) * 36);
      expect(relativeError(own, contributionShares(reference.contributions))).toBeLessThan(1e-4);
      reference.codes.forEach((code, layer) => {
        expect(l0[token * 8 + layer]).toBe(code.filter((value) => value !== 0).length);
      });
    }
  });

  test('does nothing when it is run again', async () => {
    const context = await stageContext(project, recipe);
    const before = await cltHashes(recipe);
    await runPipeline(context);
    const states = context.events.filter((event) => event.type === 'stage').map(({ state }) => state);
    expect(states).toEqual(stages.flatMap(() => ['started', 'reused']));
    expect(await cltHashes(recipe)).toEqual(before);
  });
});

describe('a run killed with SIGKILL and run again ends bit for bit like one that was not', () => {
  const killAfter = async (recipe: Recipe, done: (step: number, stage: string) => boolean) => {
    const run = await runOf(project, recipe);
    const first = await startJob(project, run.id);
    for await (const { event } of watchJob(project, first.job.id)) {
      if (event.type === 'progress' && done(event.done, event.stage)) break;
      if (event.type === 'training' && done(event.step, 'train')) break;
    }
    first.kill();
    expect((await first.finished).state).toBe('failed');
    return run;
  };

  test.each(['shards', 'stream'] as const)('training from %s', async (mode) => {
    const keys = {
      capture: { mode, shuffleBufferTokens: 1000 },
      train: { steps: 40, batchTokens: 128, evaluateEvery: 4, deadAfterTokens: 1500 },
    };
    const straight = smallRecipe(`straight-${mode}`, keys);
    await runPipeline(await stageContext(project, straight));
    const killed = smallRecipe(`killed-${mode}`, keys);
    const run = await killAfter(killed, (step, stage) => stage === 'train' && step >= 12);
    expect(existsSync(join(runDir(project, run.id), 'checkpoint', 'state.safetensors'))).toBe(true);
    expect(existsSync(join(runDir(project, run.id), 'clt'))).toBe(false);
    const second = await startJob(project, run.id);
    expect((await second.finished).state).toBe('succeeded');
    expect(await cltHashes(killed)).toEqual(await cltHashes(straight));
  });

  test('capture', async () => {
    const recipe = smallRecipe('capture', {
      capture: { maxImages: 450, patchesPerImage: 'all', batchImages: 8 },
      train: { steps: 1 },
    });
    const before = new Set(readdirSync(shardsDir(project)));
    const run = await killAfter(recipe, (images, stage) => stage === 'capture' && images > 200);
    const [key] = readdirSync(shardsDir(project)).filter((name) => !before.has(name));
    const folder = join(shardsDir(project), key);
    expect(Object.keys(hashes(folder)).some((name) => name.endsWith('.acts'))).toBe(true);
    const again = await startJob(project, run.id);
    expect((await again.finished).state).toBe('succeeded');
    const resumed = hashes(folder);
    expect(Object.keys(resumed).filter((name) => !name.endsWith('.acts'))).toEqual(['manifest.json']);
    rmSync(folder, { recursive: true });
    await capture.run(await stageContext(project, recipe));
    expect(hashes(folder)).toEqual(resumed);
  });
});

test('a cancelled training keeps its last step and goes on from there', async () => {
  const recipe = smallRecipe('cancelled', { train: { steps: 400, checkpointEvery: 1000, evaluateEvery: 2 } });
  const run = await runOf(project, recipe);
  const job = await startJob(project, run.id);
  for await (const { event } of watchJob(project, job.job.id)) if (event.type === 'training') break;
  await job.cancel();
  expect((await job.finished).state).toBe('cancelled');
  expect(existsSync(join(runDir(project, run.id), 'checkpoint', 'state.safetensors'))).toBe(true);
});

test('a measurement stopped between batches goes on with the next one and ends with the same figures', async () => {
  const base = smallRecipe('stopped');
  const recipe = { ...base, evaluate: { ...base.evaluate, maxImages: 64, replacementImages: 64 } };
  const context = await stageContext(project, recipe);
  await runPipeline(context);
  const straight = await resultsDocument(project, context.runId);
  const measuring = [cascade, necessity, audit];
  for (const { id } of measuring) {
    await project.db.deleteFrom('results').where('runId', '=', context.runId).where('stage', '=', id).execute();
  }
  for (const stage of measuring) {
    const controller = new AbortController();
    const stopped = { ...context, signal: controller.signal, emit: () => controller.abort() };
    await expect(stage.run(stopped)).rejects.toMatchObject({ name: 'AbortError' });
    const { events, ...rest } = await stageContext(project, recipe);
    await stage.run(rest);
    // Batches of 32 images: the first one was done before.
    expect(events.find((event) => event.type === 'progress')).toMatchObject({ stage: stage.id, done: 64 });
  }
  const { timings: _, ...resumed } = await resultsDocument(project, context.runId);
  expect({ ...resumed, timings: straight.timings }).toEqual(straight);
  expect(readdirSync(join(runDir(project, context.runId), 'partial'))).toEqual([]);
});

test('a run that diverges names the step and keeps its last good checkpoint', async () => {
  // The rate explodes only after the first checkpoint: a long warm-up towards an absurd peak.
  const recipe = smallRecipe('diverging', {
    train: { steps: 2000, learningRate: 1e6, warmupSteps: 1e9, checkpointEvery: 2, decayShare: 0 },
  });
  const context = await stageContext(project, recipe);
  await capture.run(context);
  await expect(train.run(context)).rejects.toMatchObject({
    code: 'TRAINING_DIVERGED',
    message: expect.stringMatching(/diverged at step \d+ .*last checkpoint is kept/),
  });
  const folder = runDir(project, context.runId);
  expect(existsSync(join(folder, 'checkpoint', 'state.safetensors'))).toBe(true);
  expect(existsSync(join(folder, 'clt'))).toBe(false);
});

test('capture refuses to break the disk budget before it writes anything', async () => {
  const context = await stageContext(
    project,
    smallRecipe('budget', { capture: { maxImages: 190, diskBudgetGB: 0.001 } }),
  );
  await expect(capture.run(context)).rejects.toMatchObject({
    code: 'DISK_BUDGET',
    message: expect.stringMatching(/3,230 tokens take 0\.0\d+ GB on disk, more than capture.diskBudgetGB allows/),
  });
});

test('an aborted stage rejects with an AbortError', async () => {
  const context = await stageContext(
    project,
    smallRecipe('aborted', { capture: { maxImages: 180 } }),
    AbortSignal.abort(),
  );
  await expect(capture.run(context)).rejects.toMatchObject({ name: 'AbortError' });
});

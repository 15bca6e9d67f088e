import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resultSections } from '../../contract/results.ts';
import { tokenGroups } from '../../core/tokens.ts';
import { addFeatures } from '../../store/features.ts';
import { type Project, runDir } from '../../store/project-folder.ts';
import { readResult } from '../../store/results.ts';
import { demoProject, recipeOf, stageContext } from '../../testing/project.ts';
import { writeRandomClt } from '../../testing/random-clt.ts';
import { evaluate } from '../evaluate.ts';
import { edgeFeatures } from './edge-features.ts';

const { signal } = new AbortController();
const images = 40;
let dir: string;
let project: Project;
let run: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strata-edge-question-'));
  project = await demoProject(join(dir, 'project'));
  const recipe = recipeOf({ train: { features: 24 }, evaluate: { maxImages: images } });
  const context = await stageContext(project, recipe);
  run = context.runId;
  await writeRandomClt(join(runDir(project, run), 'clt'), { layers: 8, width: 192, features: 24 }, 'relu-topk', 1);
  await evaluate.run(context);
}, 60_000);
afterAll(async () => {
  await project.close();
  rmSync(dir, { recursive: true });
});

test('shares sum to the contribution score that the run was measured to have', async () => {
  const scores = resultSections.contribution.parse(await readResult(project, run, 'evaluate', 'contribution'));
  for (const tokens of tokenGroups) {
    for (const [source, target] of [
      [0, 0],
      [1, 5],
      [7, 7],
    ]) {
      const answer = await edgeFeatures(project, { run, source, target, tokens }, signal);
      expect(answer.images).toBe(images);
      const sum = answer.features.reduce((total, { share }) => total + share, 0);
      expect(answer.active).toBe(answer.features.length);
      expect(sum).toBeCloseTo(answer.score, 10);
      expect(answer.score).toBeCloseTo(scores?.[tokens][source][target] ?? Number.NaN, 5);
      const order = answer.features.map(({ share }) => Math.abs(share));
      expect(order).toEqual(order.toSorted((a, b) => b - a));
      expect(answer.features.every(({ rate }) => rate > 0 && rate <= 1)).toBe(true);
    }
  }
}, 60_000);

test('features carry the labels of the run’s index', async () => {
  const ask = () => edgeFeatures(project, { run, source: 1, target: 5, tokens: 'all' }, signal);
  const [first, ...rest] = (await ask()).features;
  expect(first.label).toBeNull();
  const numbers = { rate: 0, rateCls: 0, ratePatches: 0, imageRate: 0, mean: 1, max: 1, cosine: 0.5, margin: 0.1 };
  const lists = { topImages: [], decoderNorms: [], nearest: [] };
  await addFeatures(project, run, [{ layer: 1, feature: first.feature, label: 'clock', ...numbers, ...lists }]);
  const [labelled, ...others] = (await ask()).features;
  expect(labelled).toEqual({ ...first, label: 'clock' });
  expect(others).toEqual(rest);
});

test('an edge that goes back and a run that is not there are said to be so', async () => {
  const edge = { run, source: 3, target: 2, tokens: 'cls' as const };
  await expect(edgeFeatures(project, edge, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(edgeFeatures(project, { ...edge, target: 8 }, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(edgeFeatures(project, { ...edge, run: 'other' }, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

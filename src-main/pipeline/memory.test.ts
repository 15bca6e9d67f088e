import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parameterCount } from '../core/clt-shape.ts';
import { engineEnvironment, engineFlags } from '../jobs/launch.ts';
import { demoProject, recipeOf } from '../testing/project.ts';
import { runShape } from './inputs.ts';

const entry = fileURLToPath(new URL('../testing/measure-stage.ts', import.meta.url));
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strata-memory-'));
  await (await demoProject(join(dir, 'project'))).close();
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Peak resident memory, in bytes, of a process of its own that runs one stage. */
async function peak(stage: string, recipe: object): Promise<number> {
  const args = [...process.execArgv, ...engineFlags, entry, join(dir, 'project'), stage, JSON.stringify(recipe)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, ...engineEnvironment },
  });
  return Number(stdout.trim().split('\n').at(-1));
}

// Peak memory has noise that only adds, from what the machine does beside: a growth would show in every attempt.
test('capture of ten times the images takes at most 1.1 times the memory', { timeout: 400_000, retry: 2 }, async () => {
  const peakOf = async (maxImages: number) => {
    rmSync(join(dir, 'project', 'shards'), { recursive: true, force: true });
    return peak('capture', { name: `capture-${maxImages}`, capture: { maxImages } });
  };
  const few = await peakOf(600);
  const many = await peakOf(6000);
  expect(many / few).toBeLessThan(1.1);
});

test('training stays within 1.5 times its parameters, moments and gradients plus 400 MB', async () => {
  const recipe = { name: 'memory', capture: { maxImages: 400 }, train: { steps: 30 } };
  await peak('capture', recipe);
  const shape = runShape({ recipe: recipeOf(recipe) }, { vision: { layers: 8, width: 192 } });
  const state = 4 * 4 * parameterCount(shape);
  expect(await peak('train', recipe)).toBeLessThan(1.5 * state + 400e6);
});

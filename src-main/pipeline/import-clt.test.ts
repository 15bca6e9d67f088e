import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JobEvent } from '../contract/events.ts';
import { readCltFolder } from '../data/clt-folder.ts';
import { readSafetensorsIndex, readTensor } from '../data/safetensors.ts';
import { CltModel } from '../engine/clt-model.ts';
import { createProject, openProject } from '../store/project.ts';
import { type Project, runDir, shardsDir } from '../store/project-folder.ts';
import { resultsDocument } from '../store/results.ts';
import { listRuns, runById } from '../store/runs.ts';
import { relativeError } from '../testing/clt-golden.ts';
import { foreignClt, foreignConfig, foreignForward, writeForeignClt } from '../testing/foreign-clt.ts';
import { demoProject, recipeOf, stageContext } from '../testing/project.ts';
import { writeRandomClt } from '../testing/random-clt.ts';
import { checkpointPath } from './checkpoint.ts';
import { exportRun, runFigures } from './export-run.ts';
import { importClt } from './import-clt.ts';
import { runPipeline } from './index.ts';
import { trainingMeans } from './training-means.ts';

const recipe = recipeOf({
  name: 'made-here',
  capture: { maxImages: 40, patchesPerImage: 4 },
  train: { features: 24, steps: 3, batchTokens: 64, evaluateEvery: 3, sparsifier: { kind: 'abs-topk', k: 5 } },
  evaluate: { maxImages: 10, replacementImages: 6, promptTemplates: 'simple' },
  index: { maxImages: 12, queries: 6 },
});

let dir: string;
let first: Project;
let second: Project;
let runId: string;
let exported: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strata-import-'));
  await (await demoProject(join(dir, 'unused'))).close();
  first = await freshProject('first');
  second = await freshProject('second');
  const context = await stageContext(first, recipe);
  runId = context.runId;
  await runPipeline(context);
  mkdirSync(runFigures(first, runId), { recursive: true });
  writeFileSync(join(runFigures(first, runId), 'cascade.svg'), '<svg/>');
  exported = join(dir, 'exported');
  await exportRun(first, runId, exported);
});
afterAll(async () => {
  await first.close();
  await second.close();
  rmSync(dir, { recursive: true });
});

/** A copy of the export that a test may spoil. */
let spoiled: string;
beforeEach(() => {
  spoiled = mkdtempSync(join(dir, 'spoiled-'));
  cpSync(exported, spoiled, { recursive: true });
});

/** A project with the embedded model and images and nothing else. */
function freshProject(name: string): Promise<Project> {
  cpSync(join(dir, 'unused'), join(dir, name), { recursive: true });
  return openProject(join(dir, name));
}

/** Every file of a folder with its bytes. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length), readFileSync(path).toString('base64')]));
}

/** Runs all stages of a run that is there. */
async function carryOut(project: Project, id: string): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  const { signal } = new AbortController();
  const run = await runById(project, id);
  await runPipeline({ project, runId: id, recipe: run.recipe, signal, emit: (event) => events.push(event) });
  return events;
}

describe('an export of Strata', () => {
  test('becomes the same run in another project, and exports to the same bytes', async () => {
    const imported = await importClt(second, exported);
    expect(imported).toEqual({ runId, state: 'restored', sparsifier: 'abs-topk', notes: [] });
    expect(await runById(second, runId)).toMatchObject({ recipe, name: 'made-here' });
    const again = join(dir, 'exported-again');
    await exportRun(second, runId, again);
    expect(contents(again)).toEqual(contents(exported));
    expect(Object.keys(contents(again))).toEqual(expect.arrayContaining(['/results.json', '/figures/cascade.svg']));
    expect(contents(join(runDir(second, runId), 'clt'))).toEqual(contents(join(runDir(first, runId), 'clt')));
    expect(readFileSync(join(runDir(second, runId), 'results.json'))).toEqual(
      readFileSync(join(exported, 'results.json')),
    );

    expect(await importClt(second, exported)).toMatchObject({ runId, state: 'present' });
    expect(await importClt(first, exported)).toMatchObject({ runId, state: 'present' });
    expect(await listRuns(second)).toHaveLength(1);
    expect(readdirSync(join(second.dir, 'runs'))).toEqual([runId]);
  });

  test('needs no stage to be run again but the index, which an export does not hold', async () => {
    const before = await resultsDocument(second, runId);
    const events = await carryOut(second, runId);
    const done = events.flatMap((event) => (event.type === 'stage' && event.state === 'finished' ? [event.stage] : []));
    expect(done).toEqual(['index']);
    expect(existsSync(shardsDir(second))).toBe(false);
    const { timings: _, ...after } = await resultsDocument(second, runId);
    expect(before).toMatchObject(after);
  });

  test('with other contents than the run that is there is refused', async () => {
    const path = join(spoiled, 'results.json');
    const results = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...results, zeroShot: { ...results.zeroShot, top1: 0.5 } }));
    const refusal = { code: 'ALREADY_EXISTS', message: expect.stringContaining(`has run ${runId} already`) };
    await expect(importClt(first, spoiled)).rejects.toMatchObject(refusal);
    cpSync(join(exported, 'results.json'), path);
    const weights = join(spoiled, 'clt', 'W_enc_3.safetensors');
    const bytes = readFileSync(weights);
    bytes[bytes.length - 4] ^= 1;
    writeFileSync(weights, bytes);
    await expect(importClt(first, spoiled)).rejects.toThrow('with other weights');
  });

  test('of another version, which made the id from other keys, keeps its id', async () => {
    const path = join(spoiled, 'results.json');
    const results = JSON.parse(readFileSync(path, 'utf8'));
    delete results.run.config.index;
    results.run.id = 'made-here-0123456789';
    writeFileSync(path, JSON.stringify(results));
    expect(await importClt(second, spoiled)).toMatchObject({ runId: 'made-here-0123456789', state: 'restored' });
    expect(await importClt(second, spoiled)).toMatchObject({ state: 'present' });
    expect((await runById(second, 'made-here-0123456789')).recipe.index.topImages).toBe(16);
  });

  test('says which model or data set is missing, by name and hash', async () => {
    const empty = await createProject(join(spoiled, 'empty'));
    const { model } = (await resultsDocument(first, runId)).run;
    await expect(importClt(empty, exported)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(
        new RegExp(`model mini-clip, sha256 ${model.sha256}, .* strata model add PATH --name mini-clip`),
      ),
    });
    await empty.close();
  });

  test('whose parts do not belong together is refused, and leaves nothing behind', async () => {
    const path = join(spoiled, 'results.json');
    const results = JSON.parse(readFileSync(path, 'utf8'));
    const other = await freshProject('other');
    const refused = async (document: unknown, text: string) => {
      writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document));
      await expect(importClt(other, spoiled)).rejects.toMatchObject({
        code: 'FILE_INVALID',
        message: expect.stringContaining(text),
      });
    };
    await refused('{', `${path}: not JSON`);
    await refused({ ...results, zeroShot: undefined }, `${path}: zeroShot`);
    await refused({ ...results, surprise: 1 }, `${path}: `);
    await refused(
      { ...results, run: { ...results.run, id: '../../elsewhere' } },
      "'../../elsewhere' is no name of a run",
    );
    await refused({ ...results, run: { ...results.run, seed: 9 } }, 'not a results document');
    await writeRandomClt(join(spoiled, 'clt'), { layers: 8, width: 192, features: 24 }, 'relu-topk', 0);
    await refused(results, '"kind":"abs-topk"');
    rmSync(join(spoiled, 'clt', 'W_dec_7.safetensors'));
    await expect(importClt(other, spoiled)).rejects.toThrow('W_dec_7.safetensors');
    expect(await listRuns(other)).toEqual([]);
    for (const name of ['runs', 'figures']) expect(readdirSync(join(other.dir, name))).toEqual([]);
    await other.close();
  });
});

describe('weights that another program wrote', () => {
  const size = { layers: 8, width: 192, features: 12 };

  test.each([
    { kind: 'relu', thresholds: false, dtype: 'F32' as const, note: 'read as ReLU' },
    { kind: 'jumprelu', thresholds: true, dtype: 'F16' as const, note: 'read as JumpReLU' },
  ])(
    'with $dtype and no name for $kind become a run whose codes are theirs',
    async ({ kind, thresholds, dtype, note }) => {
      const folder = join(spoiled, `From Elsewhere ${kind}`);
      const foreign = foreignClt(size, { thresholds, dtype });
      writeForeignClt(folder, foreign, foreignConfig.replace('mlp.hook_in', 'hook_resid_mid'));
      const imported = await importClt(second, folder);
      expect(imported).toMatchObject({ state: 'imported', sparsifier: kind });
      expect(imported.runId).toMatch(new RegExp(`^from-elsewhere-${kind}-[0-9a-f]{10}$`));
      expect(imported.notes.join('\n')).toContain(note);
      expect(imported.notes.join('\n')).toContain('feature_input_hook is hook_resid_mid');
      expect(imported.notes.some((text) => text.includes('kept as F32'))).toBe(dtype !== 'F32');
      expect(await importClt(second, folder)).toMatchObject({ runId: imported.runId, state: 'present' });

      const stored = await readCltFolder(join(runDir(second, imported.runId), 'clt'));
      const model = await CltModel.load(stored, 'cpu');
      const x = Float32Array.from({ length: 2 * 8 * 192 }, (_, at) => Math.sin(at * 12.9898) * 2);
      const { yhat } = await model.run(x, new Float32Array(2).fill(1));
      await model.release();
      for (let token = 0; token < 2; token++) {
        const layers = Array.from({ length: 8 }, (_, layer) => {
          const start = (token * 8 + layer) * 192;
          return Array.from(x.subarray(start, start + 192));
        });
        const expected = foreignForward(foreign, layers).flat();
        const actual = yhat.subarray(token * 8 * 192, (token + 1) * 8 * 192);
        expect(relativeError(actual, expected)).toBeLessThan(1e-5);
      }
    },
  );

  test('are another run when a bit of them differs', async () => {
    const folder = join(spoiled, 'weights');
    const foreign = foreignClt(size);
    writeForeignClt(folder, foreign);
    const one = await importClt(second, folder, { name: 'own-name', model: 'mini-clip', dataset: 'emoji' });
    expect(one.runId).toMatch(/^own-name-/);
    const bias = foreign.files.get('W_enc_0.safetensors')?.[0];
    if (bias) bias.values[0] += 1 / 64;
    writeForeignClt(folder, foreign);
    const other = await importClt(second, folder, { name: 'own-name' });
    expect(other).toMatchObject({ state: 'imported' });
    expect(other.runId).not.toBe(one.runId);
  });

  test('must fit the model, and need one', async () => {
    writeForeignClt(join(spoiled, 'small'), foreignClt({ layers: 2, width: 4, features: 3 }));
    await expect(importClt(second, join(spoiled, 'small'))).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining('W_dec_0 is for 2 layers of width 4, but model mini-clip has 8 of width 192'),
    });
    await expect(importClt(second, join(spoiled, 'small'), { model: 'x' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const empty = await createProject(join(spoiled, 'empty'));
    await expect(importClt(empty, join(spoiled, 'small'))).rejects.toMatchObject({ code: 'USAGE' });
    await empty.close();
    await expect(importClt(second, join(spoiled, 'nothing'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(readdirSync(join(second.dir, 'runs')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('that are gone are not trained anew', async () => {
    const folder = join(spoiled, 'weights');
    writeForeignClt(folder, foreignClt(size));
    const { runId: id } = await importClt(second, folder, { name: 'gone' });
    rmSync(join(runDir(second, id), 'clt'), { recursive: true });
    await expect(carryOut(second, id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('import'),
    });
    expect(await importClt(second, folder, { name: 'gone' })).toMatchObject({ state: 'imported' });
  });
});

test('the means for mean ablation are those of the training tokens, with a checkpoint or without', async () => {
  const context = await stageContext(first, recipe);
  const trained = await trainingMeans(context);
  const index = await readSafetensorsIndex(checkpointPath(context));
  expect(trained).toEqual(await readTensor(index, 'meanY'));
  const computed = await trainingMeans(await stageContext(second, recipe));
  expect(relativeError(computed, trained)).toBeLessThan(1e-6);
  const stream = recipeOf({ ...recipe, name: 'stream', capture: { ...recipe.capture, mode: 'stream' } });
  expect(relativeError(await trainingMeans(await stageContext(second, stream)), trained)).toBeLessThan(1e-6);
});

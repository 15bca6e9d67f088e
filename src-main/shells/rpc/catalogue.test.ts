import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activity } from '../../contract/activity.ts';
import { openImageReader } from '../../data/datasets/index.ts';
import { capture } from '../../pipeline/capture.ts';
import { evaluate } from '../../pipeline/evaluate.ts';
import { sample } from '../../pipeline/sample.ts';
import { train } from '../../pipeline/train.ts';
import { imagesOf } from '../../store/images.ts';
import { recipeOf, stageContext } from '../../testing/project.ts';
import { rpcRouter } from './router.ts';
import { Workbench } from './workbench.ts';

let dir: string;
let workbench: Workbench;
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'strata-catalogue-'));
  workbench = new Workbench('1.2.3');
});
afterAll(async () => {
  await workbench.close();
  await rm(dir, { recursive: true, maxRetries: 5 });
});

const client = () => createRouterClient(rpcRouter, { context: { workbench } as never });

/** The first activity of a kind, once it has ended. */
async function ended(kind: Activity['kind']): Promise<Activity> {
  const controller = new AbortController();
  for await (const list of await client().project.activities(undefined, { signal: controller.signal })) {
    const found = list.findLast((one) => one.kind === kind);
    if (found && found.state !== 'running') {
      controller.abort();
      return found;
    }
  }
  throw new Error('the list of activities ended');
}

test('the sample comes in while calls are answered; then images are paged, filtered and predicted', async () => {
  const api = client();
  const summary = await api.project.create({ dir: path.join(dir, 'sample'), sample: true });
  expect(summary).toMatchObject({ models: ['mini-clip'], datasets: [] });
  await expect(api.data.addEmbedded()).rejects.toMatchObject({ data: { code: 'ALREADY_EXISTS' } });
  expect(await ended('import')).toMatchObject({ state: 'succeeded', dataset: 'emoji', done: 10665, total: 10665 });

  const [dataset] = await api.data.list();
  expect(dataset).toMatchObject({ name: 'emoji', embedded: true, images: 10665, classes: 82, skipped: 0 });
  expect(dataset.splits).toEqual([
    { name: 'train', images: 8725 },
    { name: 'test', images: 1222 },
    { name: 'test-unseen', images: 718 },
  ]);
  const { classes } = await api.data.details({ dataset: 'emoji' });
  expect(classes.reduce((sum, { counts }) => sum + counts[1], 0)).toBe(1222);

  const page = await api.data.images({ dataset: 'emoji', split: 'test', classIndex: 11, offset: 2, limit: 2 });
  expect(page.total).toBe(classes[11].counts[1]);
  const [third] = page.images;
  const found = await api.data.image({ dataset: 'emoji', split: 'test', classIndex: 11, index: third.index });
  expect(found).toEqual({ ...third, place: 2 });
  const elsewhere = await api.data.image({ dataset: 'emoji', split: 'train', index: third.index });
  expect(elsewhere.place).toBeNull();
  await expect(api.data.image({ dataset: 'emoji', index: 10665 })).rejects.toMatchObject({
    data: { code: 'NOT_FOUND' },
  });
  const { top } = await api.data.predict({ dataset: 'emoji', model: 'mini-clip', image: third.index });
  expect(top).toHaveLength(5);
});

/** Emoji of five classes of people, as many to train as to test on, in a folder. */
async function writePeople(folder: string): Promise<void> {
  const project = await workbench.project();
  if (!project) throw new Error('no project is open');
  const reader = await openImageReader(sample.images(), 'tar');
  for await (const { path: file, classIndex, offset, size } of imagesOf(project, 'emoji', { split: 'test' })) {
    if (classIndex < 20 || classIndex > 24) continue;
    const bytes = await reader.read({ path: file, offset: offset ?? undefined, size });
    for (const split of ['train', 'test']) {
      const place = path.join(folder, split, ...file.split('/').slice(1));
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, bytes);
    }
  }
  await reader.close();
}

test('a measurement gives the accuracy that a run of the same images measures, and the confusion behind it', async () => {
  const api = client();
  await writePeople(path.join(dir, 'people'));
  await api.data.add({ path: path.join(dir, 'people') });
  expect(await ended('import')).toMatchObject({ state: 'succeeded', dataset: 'people' });
  const asked = { model: 'mini-clip', dataset: 'people' };
  expect(await api.models.confusion(asked)).toBeNull();
  await api.models.measure(asked);
  expect(await ended('zeroShot')).toMatchObject({ state: 'succeeded', done: 182 });

  const project = await workbench.project();
  if (!project) throw new Error('no project is open');
  const recipe = recipeOf({
    dataset: 'people',
    capture: { maxImages: 64, patchesPerImage: 1 },
    train: { features: 32, steps: 1, batchTokens: 32 },
    evaluate: { promptTemplates: ['a drawing of a {}'] },
  });
  const context = await stageContext(project, recipe);
  for (const stage of [capture, train, evaluate]) await stage.run(context);
  const [whole, run] = await api.models.accuracies({ model: 'mini-clip' });
  expect(whole).toMatchObject({ dataset: 'people', n: 182, top1: run.top1, top5: run.top5 });
  expect([whole.run, run.run?.id]).toEqual([null, context.runId]);

  const confusion = await api.models.confusion(asked);
  const counts = confusion?.pairs.map(({ images }) => images) ?? [];
  expect(counts.length).toBeGreaterThan(0);
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  const [worst] = confusion?.pairs ?? [];
  const predictions = await Promise.all(worst.examples.map((image) => api.data.predict({ ...asked, image })));
  for (const { top } of predictions) expect(top[0].classIndex).toBe(worst.takenForIndex);
  const ofClass: number[] = [];
  for await (const { classIndex, index } of imagesOf(project, 'people', { split: 'test' })) {
    if (classIndex === worst.classIndex) ofClass.push(index);
  }
  expect(worst.of).toBe(ofClass.length);
  expect(ofClass).toEqual(expect.arrayContaining(worst.examples));
});

test('folders are looked at before anything is added', async () => {
  const api = client();
  const [model] = await api.models.list();
  expect(model).toMatchObject({ name: 'mini-clip', embedded: true, problem: null });
  const { architecture } = await api.models.inspect({ path: model.path });
  expect(architecture).toEqual(model.architecture);
  // The model card's number.
  expect(architecture.parameters).toBe(4_511_489);
  expect((await api.models.documents({ model: 'mini-clip' })).map(({ file }) => file)).toEqual(['MODEL_CARD.md']);
  const [{ path: images }] = await api.data.list();
  expect(await api.data.inspect({ path: images })).toMatchObject({
    name: 'emoji-10665',
    format: 'tar',
    images: 10665,
    splits: [{ images: 8725 }, { images: 1222 }, { images: 718 }],
  });
  await expect(api.data.inspect({ path: dir, format: 'tar' })).rejects.toMatchObject({
    data: { code: 'DATASET_INVALID' },
  });
  expect((await api.data.list()).length).toBe(2);
});

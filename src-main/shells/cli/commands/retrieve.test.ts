import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { eachCodeBatch } from '../../../pipeline/code-batches.ts';
import { Progress } from '../../../pipeline/progress.ts';
import { RetrievalIndexer } from '../../../pipeline/retrieval-indexer.ts';
import { chosenImages, imagesAt } from '../../../store/image-choice.ts';
import type { StoredImage } from '../../../store/images.ts';
import { runDir } from '../../../store/project-folder.ts';
import { demoProject, recipeOf, stageContext } from '../../../testing/project.ts';
import { writeRandomClt } from '../../../testing/random-clt.ts';
import { retrieve } from './retrieve.ts';

let dir: string;
let project: string;
let image: StoredImage;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strata-retrieve-'));
  project = join(dir, 'project');
  const opened = await demoProject(project);
  const context = await stageContext(opened, recipeOf({ name: 'indexed' }));
  const size = { layers: 8, width: 192, features: 32 };
  await writeRandomClt(join(runDir(opened, context.runId), 'clt'), size, 'relu-topk', 1, { k: 8 });
  const images = await chosenImages(opened, 'emoji', 'train', { maxImages: 20, seed: 0 });
  const indexer = await RetrievalIndexer.start(context, 0, images.length);
  const bar = new Progress(context, 'index', 'images', images.length);
  await eachCodeBatch(context, images, { bar, done: 0 }, (batch) => indexer.add(batch));
  await indexer.finish();
  await indexer.release();
  [image] = await imagesAt(opened, 'emoji', [images[4]]);
  await opened.close();
});
afterAll(() => rmSync(dir, { recursive: true }));

/** What the command prints. */
async function printed(query: string, options: { k?: string; target?: string; json?: boolean } = {}): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await retrieve('indexed', query, { project, k: '3', ...options });
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

describe('strata retrieve', () => {
  test('answers alike for an image by path and by index, and leaves it out itself', async () => {
    const answer = JSON.parse(await printed(image.path, { json: true }));
    expect(JSON.parse(await printed(`#${image.index}`, { json: true }))).toEqual(answer);
    expect(answer).toMatchObject({ query: { index: image.index, path: image.path }, k: 3 });
    expect(answer.layers).toHaveLength(8);
    for (const { cls, patches } of answer.layers) {
      for (const found of [cls, patches]) {
        expect(found).toHaveLength(3);
        expect(found.map((one: { index: number }) => one.index)).not.toContain(image.index);
        const similarities = found.map((one: { similarity: number }) => one.similarity);
        expect(similarities).toEqual(similarities.toSorted((a: number, b: number) => b - a));
      }
    }
  });

  test('prints a row a layer, those up to a target where one is given', async () => {
    const text = await printed(image.path, { k: '2', target: 'L2' });
    expect(text.split('\n').filter((line) => /^L[0-2] +0\.\d{3} train\/.* \(.*\)$/.test(line))).toHaveLength(6);
    expect(text).toContain('By CLS token\nlayer  1');
    expect(text).toContain('By patch tokens');
  });

  test('says which image it cannot find and which option is wrong', async () => {
    await expect(printed('nothing.png')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(printed('#999999')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(printed(image.path, { target: '8' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(printed(image.path, { k: '0' })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

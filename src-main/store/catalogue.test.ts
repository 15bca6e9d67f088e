import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recipeSchema } from '../contract/recipe.ts';
import { beginDataset, completeDataset, datasetNamed, findDataset, listDatasets } from './datasets.ts';
import { addImages, addSkipped, countImages, imagesOf, type StoredImage, skippedImages } from './images.ts';
import { addModel, modelNamed } from './models.ts';
import { recipeHash } from './recipe-hash.ts';
import { listRuns, runNamed, runOf } from './runs.ts';
import { imageRows, runInProject, temporaryProject } from './test-project.ts';

const description = { name: 'd', source: '/d', format: 'tar', classes: [], promptTemplates: ['a {}'] };

describe('models', () => {
  it('are found by name, and a wrong name is answered with those there are', async () => {
    const project = await temporaryProject(onTestFinished);
    await expect(modelNamed(project, 'x')).rejects.toThrow('has no model x (it has: none yet)');
    const model = { name: 'vit', sha256: 'ab', source: '/vit', info: { layers: 12 } };
    await addModel(project, model);
    expect(await modelNamed(project, 'vit')).toMatchObject(model);
    await expect(modelNamed(project, 'x')).rejects.toThrow('(it has: vit)');
    await expect(addModel(project, model)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });
});

describe('data sets', () => {
  it('show up when their import is complete, and not before', async () => {
    const project = await temporaryProject(onTestFinished);
    await beginDataset(project, description);
    await addImages(project, 'd', imageRows(3));
    expect(await findDataset(project, 'd')).toBeUndefined();
    await expect(datasetNamed(project, 'd')).rejects.toMatchObject({ code: 'NOT_FOUND' });

    await beginDataset(project, description);
    await addImages(project, 'd', imageRows(2));
    await addSkipped(project, 'd', [{ path: 'b.png', reason: 'truncated' }]);
    await completeDataset(project, 'd', 'ab');
    expect(await listDatasets(project)).toMatchObject([{ ...description, sha256: 'ab' }]);
    expect(await countImages(project, 'd')).toEqual({ train: 2 });
    expect(await skippedImages(project, 'd')).toEqual([{ path: 'b.png', reason: 'truncated' }]);
    await expect(beginDataset(project, description)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('give any stretch of their images, across pages', async () => {
    const project = await temporaryProject(onTestFinished);
    const images = imageRows(2345);
    await beginDataset(project, description);
    await addImages(project, 'd', images);
    const request = fc.record(
      { split: fc.constantFrom('train', 'test', 'other'), offset: fc.nat(2500), limit: fc.nat(2500) },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(request, async ({ split, offset = 0, limit = images.length }) => {
        const chosen = images.filter((image) => split === undefined || image.split === split);
        const found: StoredImage[] = [];
        for await (const image of imagesOf(project, 'd', { split, offset, limit })) found.push(image);
        expect(found).toEqual(chosen.slice(offset, offset + limit));
      }),
      { numRuns: 25 },
    );
    expect(await countImages(project, 'd')).toEqual({ train: 1876, test: 469 });
  });
});

describe('runs', () => {
  it('are one for one recipe, model and data set', async () => {
    const project = await temporaryProject(onTestFinished);
    const first = await runInProject(project);
    const recipe = recipeSchema.parse({ seed: 0, name: 'tiny' });
    expect(await runOf(project, recipe)).toEqual(first);
    const second = await runInProject(project, 1);
    expect(second.id).not.toBe(first.id);
    expect((await listRuns(project)).map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    expect((await runNamed(project, first.id)).id).toBe(first.id);
    expect((await runNamed(project, 'tiny')).id).toBe(second.id);
    await expect(runNamed(project, 'huge')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(runOf(project, { ...recipe, model: 'vit' })).rejects.toThrow('has no model vit');

    const hash = recipeHash(recipe, 'ab', 'cd');
    expect(first.recipeHash).toBe(hash);
    expect(recipeHash(recipe, 'ab', 'ce')).not.toBe(hash);
    expect(recipeHash({ ...recipe, train: { ...recipe.train, steps: 601 } }, 'ab', 'cd')).not.toBe(hash);
  });
});

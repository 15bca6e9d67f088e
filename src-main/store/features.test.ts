import { describe, expect, it, onTestFinished } from 'vitest';
import { type FeatureOrder, type FeatureQuery, queryFeatures } from './feature-query.ts';
import { addFeatures, type FeatureRecord, featureDetails, removeFeatures } from './features.ts';
import type { Project } from './project-folder.ts';
import { runInProject, temporaryProject } from './test-project.ts';

/** Features of two layers with few distinct figures, so that ties are frequent; every fourth is dead. */
function records(perLayer: number): FeatureRecord[] {
  return Array.from({ length: 2 * perLayer }, (_, at) => {
    const feature = at % perLayer;
    const dead = at % 4 === 3;
    const rate = dead ? 0 : (1 + (at % 5)) / 10;
    const max = dead ? 0 : (at % 2 === 0 ? 1 : -1) * (1 + (at % 7));
    return {
      layer: Math.floor(at / perLayer),
      feature,
      rate,
      rateCls: rate / 2,
      ratePatches: rate,
      imageRate: rate,
      mean: max / 2,
      max,
      label: dead ? null : ['Grey cat', 'dog', 'crème brûlée'][at % 3],
      cosine: dead ? null : 0.5,
      margin: dead ? null : (at % 6) / 100,
      topImages: dead ? [] : [0, 1, 2].map((image) => ({ image, token: image, value: max / (1 + image) })),
      decoderNorms: at < perLayer ? [1, 2] : [3],
      nearest: [{ feature: (feature + 1) % perLayer, cosine: 0.25 }],
    };
  });
}

async function indexed(perLayer = 20): Promise<{ project: Project; runId: string; all: FeatureRecord[] }> {
  const project = await temporaryProject(onTestFinished);
  const { id: runId } = await runInProject(project);
  const all = records(perLayer);
  await addFeatures(project, runId, all.slice(0, perLayer));
  await addFeatures(project, runId, all.slice(perLayer));
  return { project, runId, all };
}

const sortValues: Readonly<Record<Exclude<FeatureOrder, 'feature'>, (record: FeatureRecord) => number>> = {
  rate: ({ rate }) => rate,
  max: ({ max }) => Math.abs(max),
  mean: ({ mean }) => Math.abs(mean),
  margin: ({ margin }) => margin ?? -1,
};

const place = ({ layer, feature }: { layer: number; feature: number }) => 1000 * layer + feature;

describe('queryFeatures', () => {
  it('gives all features in their own order when nothing is asked', async () => {
    const { project, runId, all } = await indexed();
    expect(await queryFeatures(project, runId)).toEqual({ total: 40, features: all });
  });

  it.each<[FeatureQuery, (record: FeatureRecord) => boolean]>([
    [{ layer: 1 }, ({ layer }) => layer === 1],
    [{ minRate: 0.3, maxRate: 0.4 }, ({ rate }) => rate >= 0.3 && rate <= 0.4],
    [{ minMax: 5 }, ({ max }) => Math.abs(max) >= 5],
    [{ dead: true }, ({ rate }) => rate === 0],
    [{ dead: false, layer: 0 }, ({ rate, layer }) => rate > 0 && layer === 0],
    [{ label: 'grey CAT' }, ({ label }) => label === 'Grey cat'],
    [{ label: 'grey' }, () => false],
    [{ text: ' gre cat' }, ({ label }) => label === 'Grey cat'],
    [{ text: 'creme' }, ({ label }) => label === 'crème brûlée'],
    [{ text: 'tabby' }, ({ topImages }) => topImages.length > 0],
    [{ text: 'dog tabby', minMax: 2 }, ({ label, max }) => label === 'dog' && Math.abs(max) >= 2],
    [{ text: 'at' }, () => false],
    [{ text: ' ' }, () => true],
    [{ text: '")*' }, () => false],
    [{ text: 'dog" OR "cat' }, () => false],
  ])('filters by %j', async (query, accepts) => {
    const { project, runId, all } = await indexed();
    const expected = all.filter(accepts);
    expect(await queryFeatures(project, runId, query)).toEqual({ total: expected.length, features: expected });
  });

  it.each(['rate', 'max', 'mean', 'margin'] as const)('sorts by %s, page by page', async (sort) => {
    const { project, runId, all } = await indexed();
    const value = sortValues[sort];
    const expected = all.toSorted((a, b) => value(b) - value(a) || place(a) - place(b)).map(place);
    const pages: number[] = [];
    for (let offset = 0; offset < 40; offset += 7) {
      const { total, features } = await queryFeatures(project, runId, { sort, limit: 7, offset });
      expect(total).toBe(40);
      pages.push(...features.map(place));
    }
    expect(pages).toEqual(expected);
    const upwards = await queryFeatures(project, runId, { sort, order: 'asc' });
    expect(upwards.features.map(place)).toEqual(expected.toReversed());
  });

  it('reads a page off an index, without sorting, whatever the filters', async () => {
    const { project, runId } = await indexed();
    const { sqlite } = project;
    const statements: string[] = [];
    const prepare = sqlite.prepare.bind(sqlite);
    sqlite.prepare = (source: string) => {
      statements.push(source);
      return prepare(source);
    };
    const filter = { layer: 1, minRate: 0.1, maxRate: 0.9, minMax: 1, dead: false };
    for (const sort of ['feature', 'rate', 'max', 'mean', 'margin'] as const) {
      for (const order of ['asc', 'desc'] as const) {
        for (const query of [{}, { dead: false }, filter, { label: 'dog' }, { text: 'dog', dead: false }]) {
          await queryFeatures(project, runId, { ...query, sort, order });
        }
      }
    }
    const pages = statements.filter((source) => source.includes('order by'));
    expect(pages).toHaveLength(50);
    for (const source of pages) {
      const values = Array<number>(source.split('?').length - 1).fill(1);
      const plan = sqlite.prepare<number[], { detail: string }>(`explain query plan ${source}`).all(...values);
      const steps = plan.map(({ detail }) => detail).join('; ');
      expect(steps).toMatch(/SEARCH features USING .*INDEX/);
      expect(steps).not.toMatch(/SCAN features|TEMP B-TREE/);
    }
  });

  it('says that there is no index, or no run', async () => {
    const project = await temporaryProject(onTestFinished);
    const { id } = await runInProject(project);
    const noIndex = { code: 'NOT_FOUND', message: expect.stringMatching(/no feature index; run its recipe again$/) };
    await expect(queryFeatures(project, id)).rejects.toMatchObject(noIndex);
    await expect(featureDetails(project, id, 0, 0)).rejects.toMatchObject(noIndex);
    await expect(queryFeatures(project, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('an index that was cut off', () => {
  it('is written again from the beginning', async () => {
    const { project, runId, all } = await indexed();
    const other = await runInProject(project, 1);
    await addFeatures(project, other.id, all.slice(0, 3));
    await expect(addFeatures(project, runId, all.slice(19, 21))).rejects.toThrow('UNIQUE');
    await removeFeatures(project, runId);
    await addFeatures(project, runId, all.slice(0, 2));
    expect(await queryFeatures(project, runId)).toEqual({ total: 2, features: all.slice(0, 2) });
    expect((await queryFeatures(project, runId, { text: 'dog' })).total).toBe(1);
    expect((await queryFeatures(project, other.id)).total).toBe(3);
  });
});

describe('featureDetails', () => {
  it('gives the images with their classes, norms by target and neighbours with their labels', async () => {
    const { project, runId, all } = await indexed();
    const { topImages: _, decoderNorms: __, nearest: ___, ...columns } = all[2];
    expect(await featureDetails(project, runId, 0, 2)).toEqual({
      ...columns,
      topImages: [
        { image: 0, token: 0, value: 3, path: 'images/0.png', className: 'tabby' },
        { image: 1, token: 1, value: 1.5, path: 'images/1.png', className: 'hound' },
        { image: 2, token: 2, value: 1, path: 'images/2.png', className: 'tabby' },
      ],
      histogram: [
        { className: 'tabby', images: 2 },
        { className: 'hound', images: 1 },
      ],
      decoderNorms: [
        { target: 0, norm: 1 },
        { target: 1, norm: 2 },
      ],
      nearest: [{ feature: 3, cosine: 0.25, label: null }],
    });
    const dead = await featureDetails(project, runId, 1, 3);
    expect(dead).toMatchObject({ label: null, topImages: [], histogram: [], decoderNorms: [{ target: 1, norm: 3 }] });
  });

  it('says which features there are', async () => {
    const { project, runId } = await indexed();
    await expect(featureDetails(project, runId, 2, 0)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('a layer from 0 to 1 and a feature from 0 to 19'),
    });
  });
});

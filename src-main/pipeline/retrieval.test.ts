import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { float16Values, toFloat16Bits } from '../core/float16.ts';
import { chosenImages, imagesAt } from '../store/image-choice.ts';
import type { Project } from '../store/project-folder.ts';
import { runDir } from '../store/project-folder.ts';
import { demoProject, recipeOf, stageContext } from '../testing/project.ts';
import { writeRandomClt } from '../testing/random-clt.ts';
import { type CodeBatch, eachCodeBatch } from './code-batches.ts';
import { runDataset } from './inputs.ts';
import { Progress } from './progress.ts';
import { QueryEncoder } from './query-encoder.ts';
import { Retrieval } from './retrieval.ts';
import { RetrievalIndexer, type RetrievalRow } from './retrieval-indexer.ts';
import type { StageContext } from './stage.ts';

const size = { layers: 8, width: 192, features: 48 };
const groups = ['cls', 'patches'] as const;

/** What a plain reading of method section 7 keeps of an image, in double precision: [layer] -> row. */
interface PlainImage {
  index: number;
  classIndex: number;
  codes: Record<'cls' | 'patches', number[][]>;
  raw: Record<'cls' | 'patches', number[][]>;
}

let dir: string;
let project: Project;
let context: StageContext;
let weights: Map<string, Float32Array>;
let measured: Record<'cls' | 'patches', RetrievalRow[]>;
const queries: PlainImage[] = [];
const indexed: PlainImage[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strata-retrieval-'));
  project = await demoProject(join(dir, 'project'));
  context = await stageContext(project, recipeOf({ name: 'retrieval' }));
  ({ weights } = await writeRandomClt(join(runDir(project, context.runId), 'clt'), size, 'abs-topk', 3, { k: 9 }));
  const testImages = await chosenImages(project, 'emoji', 'test', { maxImages: 30, seed: 0 });
  const trainImages = await chosenImages(project, 'emoji', 'train', { maxImages: 150, seed: 0 });
  const indexer = await RetrievalIndexer.start(context, testImages.length, trainImages.length);
  const pass = (images: Int32Array, visit: (batch: CodeBatch) => Promise<void>) =>
    eachCodeBatch(context, images, { bar: new Progress(context, 'index', 'images', images.length), done: 0 }, visit);
  await pass(testImages, async (batch) => {
    indexer.addQueries(batch);
    queries.push(...plainImages(batch));
  });
  await pass(trainImages, async (batch) => {
    await indexer.add(batch);
    indexed.push(...plainImages(batch));
  });
  measured = await indexer.finish();
  await indexer.release();
});
afterAll(async () => {
  await project.close();
  rmSync(dir, { recursive: true });
});

function plainImages({ images, tokens, x, z }: CodeBatch): PlainImage[] {
  return images.map(({ index, classIndex }, image) => {
    const rows = (values: Float32Array, columns: number, round: (value: number) => number) => {
      const value = (token: number, layer: number, column: number) =>
        round(values[((image * tokens + token) * size.layers + layer) * columns + column]);
      const byLayer = (pick: (layer: number, column: number) => number) =>
        Array.from({ length: size.layers }, (_, layer) =>
          Array.from({ length: columns }, (_, column) => pick(layer, column)),
        );
      return {
        cls: byLayer((layer, column) => value(0, layer, column)),
        patches: byLayer((layer, column) => {
          let winner = 0;
          for (let token = 1; token < tokens; token++) {
            const candidate = value(token, layer, column);
            if (Math.abs(candidate) > Math.abs(winner)) winner = candidate;
          }
          return winner;
        }),
      };
    };
    return {
      index,
      classIndex,
      codes: rows(z, size.features, (value) => float16Values[toFloat16Bits(value)]),
      raw: rows(x, size.width, (value) => value),
    };
  });
}

function cosine(a: readonly number[], b: readonly number[], by?: readonly number[]): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const w = by ? by[at] ** 2 : 1;
    dot += w * a[at] * b[at];
    aa += w * a[at] ** 2;
    bb += w * b[at] ** 2;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}

function nearest(similarities: readonly number[], k: number): number[] {
  return [...similarities.keys()].sort((a, b) => similarities[b] - similarities[a] || a - b).slice(0, k);
}

describe('the index of images', () => {
  test.each(groups)('precision@3 of %s is that of a plain recomputation, for codes and raw activations', (group) => {
    measured[group].forEach((row, layer) => {
      const precision = (of: 'codes' | 'raw') => {
        let hits = 0;
        for (const query of queries) {
          const similarities = indexed.map((image) => cosine(query[of][group][layer], image[of][group][layer]));
          hits += nearest(similarities, 3).filter((at) => indexed[at].classIndex === query.classIndex).length;
        }
        return hits / (3 * queries.length);
      };
      expect(row).toEqual({
        layer,
        precisionAt3: expect.closeTo(precision('codes'), 10),
        rawPrecisionAt3: expect.closeTo(precision('raw'), 10),
        n: queries.length,
      });
    });
    expect(measured[group]).toHaveLength(size.layers);
  });

  test.each([undefined, 5])(
    'neighbours of an indexed image, for target %s, are those of a plain comparison',
    async (target) => {
      const retrieval = await Retrieval.open(context);
      const query = indexed[11];
      const codes = retrieval.codesOf(query.index);
      if (!codes) throw new Error('the image is in the index');
      const rows = await retrieval.search(codes, { k: 4, target, exclude: query.index });
      expect(rows.map(({ layer }) => layer)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].slice(0, (target ?? 7) + 1));
      for (const { layer, ...found } of rows) {
        const norms = target === undefined ? undefined : decoderNorms(layer, target);
        for (const group of groups) {
          const similarities = indexed.map((image) =>
            image === query ? -2 : cosine(query.codes[group][layer], image.codes[group][layer], norms),
          );
          const expected = nearest(similarities, 4);
          expect(found[group]).toEqual(
            expected.map((at) => ({ image: indexed[at].index, similarity: expect.closeTo(similarities[at], 6) })),
          );
        }
      }
      await retrieval.close();
    },
  );

  test('sketches and lists give the same answer', async () => {
    const [few, many] = [await Retrieval.open(context), await Retrieval.open(context, 'many')];
    const codes = few.codesOf(indexed[3].index);
    if (!codes) throw new Error('the image is in the index');
    expect(await many.search(codes, { k: 5 })).toEqual(await few.search(codes, { k: 5 }));
    await Promise.all([few.close(), many.close()]);
  });

  test('a target that the model does not have is refused, and a run without an index', async () => {
    const retrieval = await Retrieval.open(context);
    const codes = retrieval.codesOf(indexed[0].index);
    if (!codes) throw new Error('the image is in the index');
    await expect(retrieval.search(codes, { k: 3, target: 8 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await retrieval.close();
    const other = await stageContext(project, recipeOf({ name: 'without' }));
    await expect(Retrieval.open(other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a query image', () => {
  test('from the data set and from a file has the same codes, which are those of the pass over all images', async () => {
    const encoder = await QueryEncoder.load(context);
    const { images: reader } = await runDataset(context);
    const [stored] = await imagesAt(project, 'emoji', [queries[4].index]);
    const file = join(dir, 'query.png');
    writeFileSync(file, await reader.read({ ...stored, offset: stored.offset ?? undefined }));
    await reader.close();
    const codes = await encoder.ofImage(stored.index);
    expect(await encoder.ofFile(file)).toEqual(codes);
    for (const group of groups) {
      codes[group].forEach(({ indices, values }, layer) => {
        const dense = Array<number>(size.features).fill(0);
        Array.from(indices).forEach((feature, at) => {
          dense[feature] = values[at];
        });
        expect(cosine(dense, queries[4].codes[group][layer])).toBeGreaterThan(0.9999);
      });
    }
    writeFileSync(file, 'not a picture');
    await expect(encoder.ofFile(file)).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
      message: expect.stringContaining(file),
    });
    await expect(encoder.ofFile(join(dir, 'nothing.png'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await encoder.close();
  });
});

/** ||W_dec^{i->j}_f||_2 of the random CLT, from its weights [m, L-i, d]. */
function decoderNorms(source: number, target: number): number[] {
  const decoder = weights.get(`W_dec_${source}`);
  if (!decoder) throw new Error('no decoder');
  const targets = size.layers - source;
  return Array.from({ length: size.features }, (_, feature) => {
    const start = (feature * targets + target - source) * size.width;
    return Math.sqrt(decoder.slice(start, start + size.width).reduce((sum, value) => sum + value * value, 0));
  });
}

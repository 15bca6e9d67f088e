import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Results, resultsSchema } from '../contract/results.ts';
import { preprocess } from '../core/preprocess.ts';
import { tokenGroups } from '../core/tokens.ts';
import { type ClipFolder, readClipFolder } from '../data/clip-folder.ts';
import { openImageReader } from '../data/datasets/index.ts';
import { decodeRgb } from '../data/decode.ts';
import { loadTokenizer } from '../data/tokenizer.ts';
import { imagesOf } from '../store/images.ts';
import { createProject } from '../store/project.ts';
import { textReference, visionReference } from '../testing/clip-reference.ts';
import { type PlainClt, readPlainClt } from '../testing/plain-clt.ts';
import {
  type PlainImage,
  plainDescriptor,
  plainNearest,
  plainRank,
  plainReconstruction,
  plainReplacement,
} from '../testing/plain-measures.ts';
import { demoProject, recipeOf, stageContext } from '../testing/project.ts';
import { exportRun } from './export-run.ts';
import { importImages } from './import-dataset.ts';
import { importModel } from './import-model.ts';
import { runPipeline } from './index.ts';
import { resolveSource } from './source.ts';

/**
 * A run is carried out and exported; then its figures are computed again from nothing but the exported files, the model
 * and the images, by plain loops in double precision.
 */
const counts = { classes: 6, train: 4, test: 2 };
const modelDir = resolveSource('embedded:models/mini-clip');
let dir: string;
let images: string;
let exported: string;
let results: Results;
let clip: ClipFolder;
let clt: PlainClt;
let frozen: { train: PlainImage[]; test: PlainImage[] };

/** A few of the embedded images as folders. Resolves to the labels.json of their classes. */
async function writeImages(to: string): Promise<void> {
  const source = await demoProject(join(dir, 'source'));
  const tar = resolveSource('embedded:resources/emoji/emoji-10665.tar');
  const reader = await openImageReader(tar, 'tar');
  for (const split of ['train', 'test'] as const) {
    const written = new Map<number, number>();
    for await (const { path, size, offset, classIndex } of imagesOf(source, 'emoji', { split })) {
      const place = written.get(classIndex) ?? 0;
      if (classIndex >= counts.classes || place >= counts[split]) continue;
      written.set(classIndex, place + 1);
      const folder = join(to, split, basename(dirname(path)));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, basename(path)), await reader.read({ path, size, offset: offset ?? undefined }));
    }
  }
  await reader.close();
  await source.close();
}

/** The images of a split in the order of a listing: class by class, name by name. */
function files(split: string): { path: string; label: number }[] {
  const classes = readdirSync(join(images, split)).sort();
  return classes.flatMap((name, label) =>
    readdirSync(join(images, split, name))
      .sort()
      .map((file) => ({ path: join(images, split, name, file), label })),
  );
}

async function pixelsOf(path: string): Promise<Float32Array> {
  return preprocess(await decodeRgb(readFileSync(path)), clip.preprocess);
}

async function frozenImage({ path, label }: { path: string; label: number }): Promise<PlainImage> {
  const { taps } = await visionReference(clip, await pixelsOf(path));
  return { label, x: taps.map(({ ln2 }) => ln2), y: taps.map(({ mlpOut }) => mlpOut) };
}

/** Text embeddings [class][prompt][p] of the classes, whose prompts are the default template with the folder's name. */
async function classPrompts(): Promise<number[][][]> {
  const tokenizer = await loadTokenizer(clip);
  const embeddings: number[][][] = [];
  for (const name of readdirSync(join(images, 'test')).sort()) {
    const { inputIds } = tokenizer.encode([`a photo of a ${name.replaceAll('-', ' ')}.`]);
    embeddings.push([await textReference(clip, Array.from(inputIds, Number))]);
  }
  return embeddings;
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strata-exported-'));
  images = join(dir, 'images');
  await writeImages(images);
  const project = await createProject(join(dir, 'project'));
  await importModel(project, modelDir, { name: 'mini-clip' });
  await importImages(project, images, { name: 'emoji' });
  const recipe = recipeOf({
    capture: { patchesPerImage: 'all' },
    train: { features: 64, steps: 30, batchTokens: 256, sparsifier: { kind: 'abs-topk', k: 8 } },
  });
  const context = await stageContext(project, recipe);
  await runPipeline(context);
  exported = (await exportRun(project, context.runId, join(dir, 'exported'))).dir;
  await project.close();

  results = resultsSchema.parse(JSON.parse(readFileSync(join(exported, 'results.json'), 'utf8')));
  clip = await readClipFolder(modelDir);
  clt = readPlainClt(join(exported, 'clt'));
  frozen = { train: [], test: [] };
  for (const split of ['train', 'test'] as const) {
    for (const file of files(split)) frozen[split].push(await frozenImage(file));
  }
}, 300_000);
afterAll(() => rmSync(dir, { recursive: true }));

/** Every number of two structures of the same form agrees to a relative 1e-4. */
function expectClose(found: unknown, expected: unknown): void {
  if (typeof expected === 'number' && typeof found === 'number') {
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-4 * Math.max(Math.abs(expected), 1e-3));
  } else if (typeof expected === 'object' && expected !== null && typeof found === 'object' && found !== null) {
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected)) expectClose(found[key as keyof typeof found], value);
  } else expect(found).toBe(expected);
}

test.each(tokenGroups)('reconstruction metrics and contribution scores of %s tokens', (group) => {
  const { rows, contribution } = plainReconstruction(clt, frozen.test, group);
  expectClose(results.reconstruction[group], rows);
  expectClose(results.contribution?.[group], contribution);
});

test('accuracy of the frozen model and of two cascade windows, to the image', { timeout: 120_000 }, async () => {
  const classes = await classPrompts();
  const accuracy = async (clt?: PlainClt, from = 0, group: 'cls' | 'all' = 'all') => {
    const ranks: number[] = [];
    for (const { path, label } of files('test')) {
      const replace = clt && plainReplacement(clt, from, group);
      const { embedding } = await visionReference(clip, await pixelsOf(path), replace);
      ranks.push(plainRank(embedding, classes, label));
    }
    const share = (k: number) => ranks.filter((rank) => rank < k).length / ranks.length;
    return { top1: share(1), top5: share(5) };
  };
  expect(results.zeroShot).toMatchObject({ ...(await accuracy()), n: counts.classes * counts.test });
  for (const [from, tokens] of [
    [2, 'all'],
    [0, 'cls'],
  ] as const) {
    const row = results.cascade?.find((candidate) => candidate.from === from && candidate.tokens === tokens);
    expect(row).toMatchObject(await accuracy(clt, from, tokens));
  }
});

test.each(['cls', 'patches'] as const)('retrieval by %s codes and raw activations', (group) => {
  for (const row of results.retrieval?.[group] ?? []) {
    const precision = (raw: boolean) => {
      const describe = (image: PlainImage) => plainDescriptor(clt, image, row.layer, group, raw);
      const index = frozen.train.map(describe);
      const shares = frozen.test.map((query) => {
        const hits = plainNearest(describe(query), index);
        return hits.filter(({ image }) => frozen.train[image].label === query.label).length / 3;
      });
      return shares.reduce((a, b) => a + b, 0) / shares.length;
    };
    expect(row.n).toBe(frozen.test.length);
    expect(row.precisionAt3).toBeCloseTo(precision(false), 9);
    expect(row.rawPrecisionAt3).toBeCloseTo(precision(true), 9);
  }
  expect(results.retrieval?.[group]).toHaveLength(clt.layers);
});

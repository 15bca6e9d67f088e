import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from '../core/clt-reference.ts';
import { preprocess } from '../core/preprocess.ts';
import { classEmbeddings } from '../core/zero-shot.ts';
import { type ClipFolder, readClipFolder } from '../data/clip-folder.ts';
import { decodeRgb } from '../data/decode.ts';
import { queryFeatures } from '../store/feature-query.ts';
import { featureDetails } from '../store/features.ts';
import { chosenImages, imagesAt } from '../store/image-choice.ts';
import { createProject } from '../store/project.ts';
import { type Project, runDir } from '../store/project-folder.ts';
import { visionReference } from '../testing/clip-reference.ts';
import { recipeOf, stageContext } from '../testing/project.ts';
import { writeRandomClt } from '../testing/random-clt.ts';
import { writeTinyClip } from '../testing/tiny-clip.ts';
import { eachCodeBatch } from './code-batches.ts';
import { FeatureIndexer, type FeatureIndexOptions } from './feature-index.ts';
import { importImages } from './import-dataset.ts';
import { importModel } from './import-model.ts';
import { Progress } from './progress.ts';
import type { StageContext } from './stage.ts';
import { embedTexts } from './test-images.ts';

const size = { layers: 3, width: 8, features: 10 };
const classNames = ['dark', 'light'];
const vocabulary = ['stripe', 'Light', 'stripe', 'a corner'];
const texts = [...classNames, 'stripe', 'a corner'];
const topImages = 4;

let dir: string;
let project: Project;
let clip: ClipFolder;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-features-'));
  const vision = { hidden_size: size.width, intermediate_size: 12, num_hidden_layers: 3, num_attention_heads: 2 };
  const model = join(dir, 'tiny');
  await writeTinyClip(model, { vision, imageSize: 6, patchSize: 2, activation: 'gelu', dtype: 'F32', seed: 5 });
  clip = await readClipFolder(model);
  for (let at = 0; at < 14; at++) {
    const file = join(dir, 'shapes', at % 7 === 6 ? 'test' : 'train', classNames[at % 2], `${at}.png`);
    await mkdir(dirname(file), { recursive: true });
    const pixels = Uint8Array.from({ length: 6 * 6 * 3 }, (_, i) => (i * (2 * at + 3) + 90 * (at % 2)) % 256);
    await sharp(pixels, { raw: { width: 6, height: 6, channels: 3 } }).toFile(file);
  }
  project = await createProject(join(dir, 'project'));
  await importModel(project, model, { name: 'tiny' });
  await importImages(project, join(dir, 'shapes'), { name: 'shapes' });
});
afterAll(async () => {
  await project.close();
  await rm(dir, { recursive: true });
});

/** A run with a random CLT in place of a trained one. */
async function randomRun(kind: string) {
  const index = { topImages, vocabulary };
  const context = await stageContext(project, recipeOf({ name: kind, model: 'tiny', dataset: 'shapes', index }));
  const clt = await writeRandomClt(join(runDir(project, context.runId), 'clt'), size, kind, 3);
  return { context, clt };
}

/** The index stage's work, in batches as they come, or image by image. */
async function index(context: StageContext, options?: FeatureIndexOptions, imageByImage = false) {
  const indexer = await FeatureIndexer.start(context, options);
  const images = await chosenImages(project, 'shapes', 'train');
  const pieces = imageByImage ? Array.from(images, (image) => [image]) : [images];
  for (const piece of pieces) {
    const progress = { bar: new Progress(context, 'index', 'images', images.length), done: 0 };
    await eachCodeBatch(context, piece, progress, async (batch) => indexer.add(batch));
  }
  return indexer.finish();
}

/** Codes [L][T][m] and unit embeddings of the training images, by plain arithmetic. */
async function plainImages({ clt }: Awaited<ReturnType<typeof randomRun>>) {
  const stored = await imagesAt(project, 'shapes', [...(await chosenImages(project, 'shapes', 'train'))]);
  return Promise.all(
    stored.map(async ({ index: image, path, classIndex }) => {
      const rgb = await decodeRgb(
        await sharp(join(dir, 'shapes', path))
          .png()
          .toBuffer(),
      );
      const { taps, embedding } = await visionReference(clip, preprocess(rgb, clip.preprocess));
      const codes = taps.map(({ ln2 }, layer) =>
        ln2.map((x) => encode(clt.folder.shape, clt.weights, layer, Float32Array.from(x))),
      );
      return { image, path, classIndex, codes, embedding: unit(embedding) };
    }),
  );
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, at) => sum + value * b[at], 0);
const unit = (vector: readonly number[]) => vector.map((value) => value / (Math.hypot(...vector) || 1));
const byMagnitude = (a: { value: number }, b: { value: number }) => Math.abs(b.value) - Math.abs(a.value);

/** [texts, p] */
async function plainTexts(): Promise<number[][]> {
  const prompts = texts.map((text) => `a photo of a ${text}.`);
  const width = clip.projectionDim;
  const flat = classEmbeddings(await embedTexts(clip, prompts, 'cpu'), width, Array(texts.length).fill(1));
  return texts.map((_, at) => Array.from(flat.subarray(at * width, (at + 1) * width)));
}

describe.each(['abs-topk', 'jumprelu'])('the feature index of a random CLT with %s', (kind) => {
  it('agrees with method section 8, computed plainly', async () => {
    const run = await randomRun(kind);
    const { context, clt } = run;
    const summary = await index(context);
    const plain = await plainImages(run);
    const embedded = await plainTexts();
    let dead = 0;
    for (let layer = 0; layer < size.layers; layer++) {
      const decoder = clt.weights.get(`W_dec_${layer}`) ?? new Float32Array(0);
      const row = (feature: number) => {
        const length = (size.layers - layer) * size.width;
        return Array.from(decoder.subarray(feature * length, (feature + 1) * length));
      };
      for (let feature = 0; feature < size.features; feature++) {
        const values = plain.map(({ codes }) => codes[layer].map((code) => code[feature]));
        const firing = values.flat().filter((value) => value !== 0);
        const peaks = plain.flatMap(({ image, path, classIndex, embedding }, at) => {
          const tokens = values[at].map((value, token) => ({ value, token })).sort(byMagnitude);
          return tokens[0].value === 0
            ? []
            : [{ ...tokens[0], image, path, className: classNames[classIndex], embedding }];
        });
        const top = peaks.toSorted(byMagnitude).slice(0, topImages);
        const found = await featureDetails(project, context.runId, layer, feature);
        expect(found.rate).toBeCloseTo(firing.length / values.flat().length, 9);
        expect(found.rateCls).toBeCloseTo(values.filter(([cls]) => cls !== 0).length / plain.length, 9);
        expect(found.imageRate).toBeCloseTo(peaks.length / plain.length, 9);
        expect(found.max).toBeCloseTo(top[0]?.value ?? 0, 4);
        expect(found.mean).toBeCloseTo(firing.reduce((a, b) => a + b, 0) / Math.max(firing.length, 1), 4);
        expect(found.topImages.map(({ value: _, ...rest }) => rest)).toEqual(
          top.map(({ image, token, path, className }) => ({ image, token, path, className })),
        );
        for (const { className, images } of found.histogram) {
          expect(top.filter((entry) => entry.className === className)).toHaveLength(images);
        }
        expect(found.decoderNorms.map(({ target }) => target)).toEqual([0, 1, 2].slice(layer));
        found.decoderNorms.forEach(({ norm }, at) => {
          expect(norm).toBeCloseTo(Math.hypot(...row(feature).slice(at * size.width, (at + 1) * size.width)), 5);
        });
        const others = Array.from({ length: size.features }, (_, other) => ({
          feature: other,
          cosine: dot(unit(row(feature)), unit(row(other))),
        })).filter((other) => other.feature !== feature);
        const nearest = others.sort((a, b) => b.cosine - a.cosine).slice(0, 5);
        expect(found.nearest.map((other) => other.feature)).toEqual(nearest.map((other) => other.feature));
        if (peaks.length === 0) {
          dead++;
          expect(found).toMatchObject({ label: null, cosine: null, margin: null });
          continue;
        }
        const mean = peaks[0].embedding.map((_, at) =>
          peaks.reduce((sum, { value, embedding }) => sum + Math.abs(value) * embedding[at], 0),
        );
        const ranked = embedded
          .map((text, at) => ({ text: texts[at], cosine: dot(unit(mean), text) }))
          .sort((a, b) => b.cosine - a.cosine);
        expect(found.label).toBe(ranked[0].text);
        expect(found.cosine).toBeCloseTo(ranked[0].cosine, 4);
        expect(found.margin).toBeCloseTo(ranked[0].cosine - ranked[1].cosine, 4);
      }
    }
    expect(summary).toEqual({ images: plain.length, features: size.layers * size.features, dead });
    expect((await queryFeatures(project, context.runId, { dead: true })).total).toBe(dead);
  });

  it('is the same image by image, and replaces what is there', async () => {
    const { context } = await randomRun(kind);
    await index(context);
    const before = await queryFeatures(project, context.runId, { limit: 100 });
    await index(context, {}, true);
    const after = await queryFeatures(project, context.runId, { limit: 100 });
    expect(after.total).toBe(before.total);
    after.features.forEach(({ topImages: top, cosine, margin, mean, max, ...rest }, at) => {
      const {
        topImages: topBefore,
        cosine: _,
        margin: __,
        mean: meanBefore,
        max: maxBefore,
        ...same
      } = before.features[at];
      expect(rest).toEqual(same);
      expect([mean, max].map((value) => value.toPrecision(4))).toEqual(
        [meanBefore, maxBefore].map((value) => value.toPrecision(4)),
      );
      expect(top.map(({ image, token }) => [image, token])).toEqual(
        topBefore.map(({ image, token }) => [image, token]),
      );
    });
  });
});

it('labels from the mean of all features when asked to', async () => {
  const { context } = await randomRun('relu-topk');
  await index(context, { centreLabels: true });
  const { features } = await queryFeatures(project, context.runId, { dead: false, limit: 100 });
  expect(new Set(features.map(({ label }) => label)).size).toBeGreaterThan(1);
  for (const { label } of features) expect(texts).toContain(label);
});

it('stops between layers when it is cancelled, and is whole when it is run again', async () => {
  const { context } = await randomRun('relu-topk');
  const abort = new AbortController();
  const indexer = await FeatureIndexer.start({ ...context, signal: abort.signal });
  abort.abort();
  await expect(indexer.finish()).rejects.toThrow('abort');
  const { features } = await index(context);
  expect((await queryFeatures(project, context.runId)).total).toBe(features);
});

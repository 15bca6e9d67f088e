import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { join } from 'node:path';
import type { Preflight, Probe, Speeds } from '../contract/preflight.ts';
import type { Recipe } from '../contract/recipe.ts';
import { type CltShape, cltParameters, elementCount, parameterCount } from '../core/clt-shape.ts';
import { tokensPerImage } from '../core/tokens.ts';
import { readClipFolder } from '../data/clip-folder.ts';
import { ActivationShards, shardBytes, shardKey } from '../store/activation-shards.ts';
import { countImages } from '../store/images.ts';
import { modelNamed } from '../store/models.ts';
import { type Project, shardsDir } from '../store/project-folder.ts';
import { runShape } from './inputs.ts';
import { shardSpec } from './shard-spec.ts';
import { resolveSource } from './source.ts';
import type { StageContext } from './stage.ts';

/**
 * What carrying out a recipe needs: tokens, disk, memory. From numbers alone, so it answers at once. NOT_FOUND when the
 * project lacks the model or data set; errors as readClipFolder.
 */
export async function preflightRun(project: Project, recipe: Recipe): Promise<Preflight> {
  const { model, dataset, capture, evaluate, train } = recipe;
  const clip = await readClipFolder(resolveSource((await modelNamed(project, model)).source));
  const shape = runShape({ recipe }, clip);
  const bySplit = await countImages(project, dataset);
  const images = Math.min(bySplit.train ?? 0, capture.maxImages ?? Number.POSITIVE_INFINITY);
  const testImages = Math.min(bySplit.test ?? 0, evaluate.maxImages ?? Number.POSITIVE_INFINITY);
  const perImage = tokensPerImage(clip.vision.tokens, capture.patchesPerImage);
  const context: StageContext = { project, runId: 'preflight', recipe, signal: neverAborted, emit: () => undefined };
  const shards = capture.mode === 'shards' ? await shardSpec(context, clip, Math.max(1, images)) : undefined;
  const { bavail, bsize } = await statfs(project.dir);
  const needs = {
    images,
    tokensPerImage: perImage,
    tokens: images * perImage,
    testImages,
    replacementImages: Math.min(bySplit.test ?? 0, evaluate.replacementImages ?? testImages),
    features: shape.features,
    parameters: parameterCount(shape),
    diskBytes: shards && images > 0 ? shardBytes(shards) : 0,
    captured: shards !== undefined && isCaptured(project, shards),
    diskFreeBytes: bavail * bsize,
    diskBudgetBytes: capture.diskBudgetGB * 1e9,
    memoryBytes: trainingBytes(shape, train.batchTokens),
    memoryFreeBytes: freemem(),
  };
  return { ...needs, problems: problemsOf(needs, recipe) };
}

/**
 * Bytes that training holds at its highest: weights, two moments and the gradient of every parameter, Adam's outputs for
 * the largest tensor, and for each token of a batch the codes with their gradients and three values per dimension of
 * every layer's input and target.
 */
export function trainingBytes(shape: CltShape, batchTokens: number): number {
  const largest = Math.max(...cltParameters(shape).map((one) => elementCount(one.shape)));
  const perToken = shape.layers * (6 * shape.features + 6 * shape.width);
  return 4 * (4 * parameterCount(shape) + 3 * largest + batchTokens * perToken);
}

/** Seconds of each part of a run, by the speeds that a probe measured. */
export function estimate(needs: Preflight, recipe: Recipe, speeds: Speeds, model: ModelSize): Probe {
  const { layers, tokens } = model;
  const imageSeconds = speeds.imagesPerSecond > 0 ? 1 / speeds.imagesPerSecond : 0;
  const streamed = recipe.capture.mode === 'stream';
  const drawn = recipe.train.steps * recipe.train.batchTokens;
  const streamSeconds = streamed ? (drawn / needs.tokensPerImage) * imageSeconds : 0;
  // One image through the tower and all its tokens through the transcoder; every later stage is made of such passes.
  const pass = imageSeconds + tokens * speeds.secondsPerToken;
  const indexed =
    Math.min(needs.images, recipe.index.maxImages ?? needs.images) + Math.min(needs.testImages, recipe.index.queries);
  const stages: Probe['stages'] = [
    {
      title: 'Capture activations',
      seconds: streamed || needs.captured ? 0 : needs.images * imageSeconds,
      basis: 'measured',
    },
    {
      title: 'Train the transcoder',
      seconds: recipe.train.steps * speeds.secondsPerStep + streamSeconds,
      basis: 'measured',
    },
    { title: 'Measure the test images', seconds: needs.testImages * pass, basis: 'scaled' },
    {
      title: 'Replace and ablate blocks',
      seconds: needs.replacementImages * pass * replacementPasses(layers),
      basis: 'scaled',
    },
    { title: 'Index images and features', seconds: indexed * pass, basis: 'scaled' },
  ];
  return { speeds, stages, seconds: stages.reduce((sum, stage) => sum + stage.seconds, 0) };
}

export interface ModelSize {
  layers: number;
  /** T, CLS included. */
  tokens: number;
}

/**
 * Passes for one image whose blocks are replaced: the frozen one, cascades from every block for three token groups, which
 * rerun only what follows, two ablations of every block likewise, and sixteen of the last block alone.
 */
function replacementPasses(layers: number): number {
  const fromEveryBlock = (layers + 1) / 2;
  return 1 + 3 * fromEveryBlock + 2 * fromEveryBlock + 16 / layers;
}

const neverAborted = new AbortController().signal;

/** Opening shards would make their folder. */
function isCaptured(project: Project, spec: Awaited<ReturnType<typeof shardSpec>>): boolean {
  if (!existsSync(join(shardsDir(project), shardKey(spec)))) return false;
  const shards = new ActivationShards(shardsDir(project), spec);
  const { complete } = shards;
  shards.close();
  return complete;
}

function problemsOf(needs: Omit<Preflight, 'problems'>, recipe: Recipe): string[] {
  const problems: string[] = [];
  const { dataset } = recipe;
  if (needs.images === 0) problems.push(`Data set ${dataset} has no training images: add one with a train split.`);
  if (needs.testImages === 0) problems.push(`Data set ${dataset} has no test images to measure on: add a test split.`);
  const less = "Capture fewer patchesPerImage or maxImages, or set capture.mode to 'stream', which writes nothing.";
  if (!needs.captured && needs.diskBytes > needs.diskBudgetBytes) {
    problems.push(`The activations need ${gigabytes(needs.diskBytes)}, more than capture.diskBudgetGB allows. ${less}`);
  }
  if (!needs.captured && needs.diskBytes > needs.diskFreeBytes) {
    problems.push(
      `The activations need ${gigabytes(needs.diskBytes)}, but ${gigabytes(needs.diskFreeBytes)} are free. ${less}`,
    );
  }
  if (needs.memoryBytes > needs.memoryFreeBytes) {
    const found = `Training needs about ${gigabytes(needs.memoryBytes)} of memory, ${gigabytes(needs.memoryFreeBytes)} are free.`;
    problems.push(`${found} Lower train.expansion or train.batchTokens.`);
  }
  return problems;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}

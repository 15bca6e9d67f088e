import { join } from 'node:path';
import type { Recipe } from '../contract/recipe.ts';
import { resultSections } from '../contract/results.ts';
import type { CltShape } from '../core/clt-shape.ts';
import { cascadeGates } from '../core/gates.ts';
import { topKIndices } from '../core/top-k.ts';
import { type FrozenStates, ReplacementModel } from '../engine/replacement-model.ts';
import { free } from '../engine/session.ts';
import type { StoredImage } from '../store/images.ts';
import { runDir } from '../store/project-folder.ts';
import { RecordFile } from '../store/record-file.ts';
import { readResult } from '../store/results.ts';
import { Progress } from './progress.ts';
import type { StageContext } from './stage.ts';
import { cltWeights, openTestImages, runClt, type TestImages } from './test-images.ts';

/** Tokens sent through the replacement model at once: bounds the memory of the states kept for every block. */
const tokensPerRun = 2080;

/** The contribution scores that `evaluate` wrote, [source][target] by token group. */
export async function contributionScores({ project, runId }: StageContext) {
  const section = await readResult(project, runId, 'evaluate', 'contribution');
  const scores = resultSections.contribution.parse(section);
  if (!scores) throw new Error(`run ${runId} has no contribution scores although it was evaluated`);
  return scores;
}

/** A batch of test images in the replacement model, with the frozen states from which any window of blocks can be run. */
export interface ReplacementBatch {
  model: ReplacementModel;
  pixels: Float32Array;
  states: FrozenStates;
}

/** What a stage that replaces or ablates blocks measures. */
export interface ReplacementPlan {
  /** Embeddings [images, p] of a batch in each of the stage's configurations, always the same ones in the same order. */
  embeddings(batch: ReplacementBatch): AsyncIterable<Float32Array>;
  /** Takes a batch in: embeddings of the frozen model, then those of the configurations. */
  add(images: readonly StoredImage[], frozen: Float32Array, replaced: readonly Float32Array[]): void;
}

/** The frozen model's states for a batch. */
export function frozenStates(model: ReplacementModel, pixels: Float32Array): Promise<FrozenStates> {
  const { layers } = model.shape;
  return model.states(pixels, cascadeGates(model.shape, model.clip.vision.tokens, layers, 'all'));
}

export function freeStates({ hidden, running, toLast }: FrozenStates): void {
  for (const values of [...hidden, ...running, toLast]) free(values);
}

/** The class that each of a batch's images is put into. */
export function bestClasses(
  classify: TestImages['classify'],
  images: readonly StoredImage[],
  embeddings: Float32Array,
): number[] {
  return images.map((_, at) => topKIndices(classify(embeddings, at).logits, 1)[0]);
}

/** Test images for the stages that run many blocks for each. */
export function replacementImages({ evaluate }: Recipe): number | undefined {
  return evaluate.replacementImages ?? evaluate.maxImages;
}

/** How many of a batch's images a model puts into their class. */
export function countHits(
  classify: TestImages['classify'],
  images: readonly StoredImage[],
  embeddings: Float32Array,
): number {
  return bestClasses(classify, images, embeddings).filter((best, at) => best === images[at].classIndex).length;
}

/**
 * Runs the test images of a run, or `maxImages` of them, through its replacement model as `prepare` plans, batch by batch, reporting progress for
 * `stage`. Every batch's embeddings are kept in runs/<id>/partial/ until the stage is done, so that a run that was killed
 * goes on with the batch it was at and ends with the same figures; the caller removes them by `done` once it has written
 * its result.
 */
export async function measureReplacements(
  context: StageContext,
  stage: string,
  maxImages: number | undefined,
  prepare: (images: TestImages, shape: CltShape) => ReplacementPlan | Promise<ReplacementPlan>,
): Promise<{ done(): Promise<void> }> {
  const { project, runId, recipe, signal } = context;
  const { provider } = recipe;
  const images = await openTestImages(context, maxImages);
  const folder = await runClt(context);
  const model = await ReplacementModel.load(images.clip, folder.shape, await cltWeights(folder), provider);
  const records = await RecordFile.open(join(runDir(project, runId), 'partial', stage));
  const batchSize = Math.max(1, Math.floor(tokensPerRun / images.clip.vision.tokens));
  try {
    const plan = await prepare(images, folder.shape);
    const take = (batch: readonly StoredImage[], record: Float32Array) => {
      const size = batch.length * images.clip.projectionDim;
      const [frozen, ...replaced] = Array.from({ length: record.length / size }, (_, at) =>
        record.subarray(at * size, (at + 1) * size),
      );
      plan.add(batch, frozen, replaced);
    };
    let done = 0;
    for (let record = await records.next(); record; record = await records.next()) {
      const batch = await images.listed(done, batchSize);
      take(batch, record);
      done += batch.length;
    }
    const progress = new Progress(context, stage, 'images', images.count, done);
    for await (const { images: batch, pixels } of images.batches(batchSize, done)) {
      const states = await frozenStates(model, pixels);
      const parts: Float32Array[] = [states.embeddings];
      for await (const embeddings of plan.embeddings({ model, pixels, states })) {
        signal.throwIfAborted();
        parts.push(embeddings);
      }
      freeStates(states);
      free(pixels);
      const record = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
      parts.forEach((part, at) => {
        record.set(part, at * states.embeddings.length);
      });
      await records.append(record);
      take(batch, record);
      done += batch.length;
      progress.report(done);
    }
  } catch (error) {
    await records.close();
    throw error;
  } finally {
    await Promise.all([model.release(), images.close()]);
  }
  return { done: () => records.remove() };
}

import { resultSections } from '../contract/results.ts';
import { cascadeGates } from '../core/gates.ts';
import { type FrozenStates, ReplacementModel } from '../engine/replacement-model.ts';
import { free } from '../engine/session.ts';
import { readResult } from '../store/results.ts';
import type { ImageBatch } from './image-batches.ts';
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

/** What a stage that replaces or ablates blocks sees of one batch of test images. */
export interface ReplacementBatch extends ImageBatch {
  model: ReplacementModel;
  states: FrozenStates;
  classify: TestImages['classify'];
  promptMeter: TestImages['promptMeter'];
}

/** The frozen model's states for a batch, from which any window of blocks can be run. */
export function frozenStates(model: ReplacementModel, pixels: Float32Array): Promise<FrozenStates> {
  const { layers } = model.shape;
  return model.states(pixels, cascadeGates(model.shape, model.clip.vision.tokens, layers, 'all'));
}

export function freeStates({ hidden, running, toLast }: FrozenStates): void {
  for (const values of [...hidden, ...running, toLast]) free(values);
}

/** Runs the test images of a run through its replacement model, batch by batch, reporting progress for `stage`. */
export async function eachReplacementBatch(
  context: StageContext,
  stage: string,
  visit: (batch: ReplacementBatch) => Promise<void>,
): Promise<void> {
  const { evaluate, provider } = context.recipe;
  const images = await openTestImages(context, evaluate.replacementImages ?? evaluate.maxImages);
  const folder = await runClt(context);
  const model = await ReplacementModel.load(images.clip, folder.shape, await cltWeights(folder), provider);
  const progress = new Progress(context, stage, 'images', images.count);
  let done = 0;
  try {
    for await (const batch of images.batches(Math.max(1, Math.floor(tokensPerRun / images.clip.vision.tokens)))) {
      const states = await frozenStates(model, batch.pixels);
      const { classify, promptMeter } = images;
      await visit({ ...batch, model, states, classify, promptMeter });
      freeStates(states);
      free(batch.pixels);
      done += batch.images.length;
      progress.report(done);
    }
  } finally {
    await Promise.all([model.release(), images.close()]);
  }
}

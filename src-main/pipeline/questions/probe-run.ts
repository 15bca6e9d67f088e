import type { Speeds } from '../../contract/preflight.ts';
import type { Recipe } from '../../contract/recipe.ts';
import { initialParameters } from '../../core/clt-init.ts';
import { Rng } from '../../core/rng.ts';
import { tokensPerImage } from '../../core/tokens.ts';
import { CltTrainer } from '../../engine/clt-trainer.ts';
import { free } from '../../engine/session.ts';
import type { Project } from '../../store/project-folder.ts';
import { ActivationRows } from '../activation-rows.ts';
import { runShape } from '../inputs.ts';
import { trainingImages } from '../shard-spec.ts';
import type { StageContext } from '../stage.ts';

/** Milliseconds spent on capture, on steps and on forward passes; with loading, about five seconds in all. */
const share = { capture: 1500, steps: 2000, forward: 500 };

/**
 * How fast this machine carries out a recipe: images through the vision tower as capture sends them, and training steps
 * of a new CLT on noise. Whatever takes longer than its share is done once.
 */
export async function probeRun(project: Project, { recipe }: { recipe: Recipe }, signal: AbortSignal): Promise<Speeds> {
  const started = performance.now();
  const context: StageContext = { project, runId: 'probe', recipe, signal, emit: () => undefined };
  const rows = await ActivationRows.open(context);
  const shape = runShape(context, rows.clip);
  const imagesPerSecond = await captureSpeed(context, rows).finally(() => rows.close());
  const { batchTokens, clipNorm, auxK, auxWeight, preactivationWeight } = recipe.train;
  const parameters = initialParameters(shape, recipe.seed);
  const zeros = () => new Map([...parameters].map(([name, values]) => [name, new Float32Array(values.length)]));
  const trainer = await CltTrainer.create(
    {
      shape,
      provider: recipe.provider,
      tokens: batchTokens,
      clipNorm,
      revival: { auxK, auxWeight, preactivationWeight },
    },
    { step: 0, parameters, m: zeros(), v: zeros() },
  );
  try {
    const [x, y] = ['x', 'y'].map((stream) => noise(batchTokens * shape.layers * shape.width, stream));
    const lambda = shape.sparsifier.parameters.lambda ?? 0;
    const secondsPerStep = await secondsEach(share.steps, signal, async () => {
      await trainer.train({ x, y, learningRate: 0, lambda }, () => true);
    });
    const ones = new Float32Array(batchTokens).fill(1);
    const secondsPerPass = await secondsEach(share.forward, signal, async () => {
      free((await trainer.forward(x, ones)).yhat);
    });
    return {
      imagesPerSecond,
      secondsPerStep,
      secondsPerToken: secondsPerPass / batchTokens,
      seconds: (performance.now() - started) / 1000,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    await trainer.release();
  }
}

async function captureSpeed(context: StageContext, rows: ActivationRows): Promise<number> {
  const { layers, width, tokens } = rows.clip.vision;
  const perImage = tokensPerImage(tokens, context.recipe.capture.patchesPerImage) * layers * 2 * width;
  let started = performance.now();
  let images = 0;
  let speed = 0;
  let batches = 0;
  for await (const batch of rows.read(await trainingImages(context), 0, context.signal)) {
    images += batch.length / perImage;
    free(batch);
    const elapsed = performance.now() - started;
    speed = (1000 * images) / elapsed;
    // The first batch waits for its images: it counts only where nothing else can.
    if (batches++ === 0 && elapsed < share.capture) {
      started = performance.now();
      images = 0;
    } else if (elapsed > share.capture) break;
  }
  return speed;
}

/** Mean seconds of `action`, repeated for some milliseconds after a first time that counts only if it took as long. */
async function secondsEach(milliseconds: number, signal: AbortSignal, action: () => Promise<void>): Promise<number> {
  const time = async () => {
    signal.throwIfAborted();
    const started = performance.now();
    await action();
    return performance.now() - started;
  };
  const first = await time();
  if (first > milliseconds) return first / 1000;
  let total = 0;
  let times = 0;
  for (; total < milliseconds; times++) total += await time();
  return total / times / 1000;
}

function noise(length: number, stream: string): Float32Array {
  const rng = new Rng(0, `probe/${stream}`);
  return Float32Array.from({ length }, () => 3.4 * (rng.uniform() - 0.5));
}

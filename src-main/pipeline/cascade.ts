import { FaithfulnessMeter } from '../core/faithfulness.ts';
import { cascadeGates } from '../core/gates.ts';
import { type TokenGroup, tokenGroups } from '../core/tokens.ts';
import { type FrozenStates, ReplacementModel } from '../engine/replacement-model.ts';
import { free } from '../engine/session.ts';
import { readResult, writeResult } from '../store/results.ts';
import { Progress } from './progress.ts';
import type { Stage } from './stage.ts';
import { cltWeights, openTestImages, runClt } from './test-images.ts';

/** Tokens sent through the replacement model at once: bounds the memory of the states kept for every block. */
const tokensPerRun = 2080;

/** Cascaded replacement from every block, for every token group, against the frozen model (method, sections 4 and 6). */
export const cascade: Stage = {
  id: 'cascade',
  title: 'Cascaded replacement',

  async run(context) {
    const { project, recipe, runId } = context;
    if ((await readResult(project, runId, 'cascade', 'cascade')) !== undefined) return 'reused';
    const started = performance.now();
    const images = await openTestImages(context, recipe.evaluate.replacementImages ?? recipe.evaluate.maxImages);
    const { clip } = images;
    const folder = await runClt(context);
    const model = await ReplacementModel.load(clip, folder.shape, await cltWeights(folder), recipe.provider);
    const windows = cascadeWindows(clip.vision.layers).map((window) => ({
      ...window,
      meter: new FaithfulnessMeter(clip.projectionDim),
    }));
    const progress = new Progress(context, 'cascade', 'images', images.count);
    let done = 0;
    try {
      for await (const batch of images.batches(Math.max(1, Math.floor(tokensPerRun / clip.vision.tokens)))) {
        const states = await frozenStates(model, batch.pixels);
        const frozen = batch.images.map((_, at) => images.classify(states.embeddings, at));
        for (const { from, tokens, meter } of windows) {
          context.signal.throwIfAborted();
          const embeddings = await replacedEmbeddings(model, batch.pixels, states, from, tokens);
          batch.images.forEach(({ classIndex }, at) => {
            meter.add(classIndex, frozen[at], images.classify(embeddings, at));
          });
        }
        freeStates(states);
        free(batch.pixels);
        done += batch.images.length;
        progress.report(done);
      }
    } finally {
      await Promise.all([model.release(), images.close()]);
    }
    const section = windows.map(({ from, tokens, meter }) => ({ from, tokens, ...meter.finish() }));
    const seconds = (performance.now() - started) / 1000;
    await writeResult(project, { runId, stage: 'cascade', key: 'cascade', section, seconds });
    return 'done';
  },
};

/** Every first replaced block with every token group. */
export function cascadeWindows(layers: number): { from: number; tokens: TokenGroup }[] {
  return Array.from({ length: layers }, (_, from) => tokenGroups.map((tokens) => ({ from, tokens }))).flat();
}

export function frozenStates(model: ReplacementModel, pixels: Float32Array): Promise<FrozenStates> {
  const { layers } = model.shape;
  return model.states(pixels, cascadeGates(model.shape, model.clip.vision.tokens, layers, 'all'));
}

/** Embeddings with the blocks from..L-1 replaced. What lies before them is the frozen model's and not run again. */
export function replacedEmbeddings(
  model: ReplacementModel,
  pixels: Float32Array,
  states: FrozenStates,
  from: number,
  group: TokenGroup,
): Promise<Float32Array> {
  const gates = cascadeGates(model.shape, model.clip.vision.tokens, from, group);
  return from === 0 ? model.run(pixels, gates) : model.runFrom(from, states.hidden[from], states.running[from], gates);
}

export function freeStates({ hidden, running, toLast }: FrozenStates): void {
  for (const values of [...hidden, ...running, toLast]) free(values);
}

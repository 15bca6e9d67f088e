import { type Faithfulness, FaithfulnessMeter } from '../core/faithfulness.ts';
import { cascadeGates } from '../core/gates.ts';
import { type TokenGroup, tokenGroups } from '../core/tokens.ts';
import type { FrozenStates, ReplacementModel } from '../engine/replacement-model.ts';
import { readResult, writeResult } from '../store/results.ts';
import { eachReplacementBatch } from './replacement-batches.ts';
import type { Stage } from './stage.ts';

/** Cascaded replacement from every block, for every token group, against the frozen model (method, sections 4 and 6). */
export const cascade: Stage = {
  id: 'cascade',
  title: 'Cascaded replacement',

  async run(context) {
    const { project, runId, signal } = context;
    if ((await readResult(project, runId, 'cascade', 'cascade')) !== undefined) return 'reused';
    const started = performance.now();
    const meters = new Map<string, FaithfulnessMeter>();
    let windows: { from: number; tokens: TokenGroup }[] = [];
    await eachReplacementBatch(context, 'cascade', async ({ images, pixels, model, states, classify }) => {
      windows = cascadeWindows(model.shape.layers);
      const frozen = images.map((_, at) => classify(states.embeddings, at));
      for (const { from, tokens } of windows) {
        signal.throwIfAborted();
        const key = `${from}/${tokens}`;
        const meter = meters.get(key) ?? new FaithfulnessMeter(model.clip.projectionDim);
        meters.set(key, meter);
        const embeddings = await replacedEmbeddings(model, pixels, states, from, tokens);
        images.forEach(({ classIndex }, at) => {
          meter.add(classIndex, frozen[at], classify(embeddings, at));
        });
      }
    });
    const section = windows.map(({ from, tokens }) => ({
      from,
      tokens,
      ...(meters.get(`${from}/${tokens}`)?.finish() as Faithfulness),
    }));
    const seconds = (performance.now() - started) / 1000;
    await writeResult(project, { runId, stage: 'cascade', key: 'cascade', section, seconds });
    return 'done';
  },
};

/** Every first replaced block with every token group. */
export function cascadeWindows(layers: number): { from: number; tokens: TokenGroup }[] {
  return Array.from({ length: layers }, (_, from) => tokenGroups.map((tokens) => ({ from, tokens }))).flat();
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

import { FaithfulnessMeter } from '../core/faithfulness.ts';
import { cascadeGates } from '../core/gates.ts';
import { meanAbsDifference, type PromptMeter, promptSpread } from '../core/prompt-sensitivity.ts';
import { promptTemplates } from '../core/prompt-templates.ts';
import { type TokenGroup, tokenGroups } from '../core/tokens.ts';
import type { FrozenStates, ReplacementModel } from '../engine/replacement-model.ts';
import { readResult, writeResult } from '../store/results.ts';
import { eachReplacementBatch } from './replacement-batches.ts';
import type { Stage } from './stage.ts';

/**
 * Cascaded replacement from every block, for every token group, against the frozen model (method, sections 4 and 6), with
 * the data set's own prompts and with each of the recipe's templates alone.
 */
export const cascade: Stage = {
  id: 'cascade',
  title: 'Cascaded replacement',

  async run(context) {
    const { project, recipe, runId, signal } = context;
    if ((await readResult(project, runId, 'cascade', 'cascade')) !== undefined) return 'reused';
    const started = performance.now();
    const meters = new Map<string, { faithfulness: FaithfulnessMeter; prompts: PromptMeter }>();
    let frozenPrompts: PromptMeter | undefined;
    let windows: { from: number; tokens: TokenGroup }[] = [];
    await eachReplacementBatch(context, 'cascade', async (batch) => {
      const { images, pixels, model, states, classify, promptMeter } = batch;
      windows = cascadeWindows(model.shape.layers);
      const frozen = images.map((_, at) => classify(states.embeddings, at));
      frozenPrompts ??= await promptMeter();
      for (const [at, { classIndex }] of images.entries()) frozenPrompts.add(frozen[at].embedding, classIndex);
      for (const { from, tokens } of windows) {
        signal.throwIfAborted();
        const key = `${from}/${tokens}`;
        const known = meters.get(key);
        const meter = known ?? {
          faithfulness: new FaithfulnessMeter(model.clip.projectionDim),
          prompts: await promptMeter(),
        };
        meters.set(key, meter);
        const embeddings = await replacedEmbeddings(model, pixels, states, from, tokens);
        images.forEach(({ classIndex }, at) => {
          const replaced = classify(embeddings, at);
          meter.faithfulness.add(classIndex, frozen[at], replaced);
          meter.prompts.add(replaced.embedding, classIndex);
        });
      }
    });
    const measured = windows.map(({ from, tokens }) => {
      const meter = meters.get(`${from}/${tokens}`);
      if (!meter || !frozenPrompts) throw new Error('a window without images');
      return { from, tokens, ...meter };
    });
    const section = measured.map(({ from, tokens, faithfulness }) => ({ from, tokens, ...faithfulness.finish() }));
    const frozenTop1 = frozenPrompts?.finish().top1 ?? [];
    const prompts = {
      templates: promptTemplates(recipe.evaluate.promptTemplates),
      n: section[0]?.n,
      frozen: { top1: frozenTop1, spread: promptSpread(frozenTop1) },
      rows: measured.map(({ from, tokens, prompts }) => {
        const { top1 } = prompts.finish();
        const spread = promptSpread(top1);
        return { from, tokens, top1, spread, meanAbsDifference: meanAbsDifference(top1, frozenTop1) };
      }),
    };
    const write = (key: string, value: unknown, seconds: number) =>
      writeResult(project, { runId, stage: 'cascade', key, section: value, seconds });
    await write('prompts', prompts, 0);
    await write('cascade', section, (performance.now() - started) / 1000);
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

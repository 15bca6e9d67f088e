import { FaithfulnessMeter } from '../core/faithfulness.ts';
import { cascadeGates } from '../core/gates.ts';
import { meanAbsDifference, type PromptMeter, promptSpread } from '../core/prompt-sensitivity.ts';
import { promptTemplates } from '../core/prompt-templates.ts';
import { type TokenGroup, tokenGroups } from '../core/tokens.ts';
import { topKIndices } from '../core/top-k.ts';
import type { FrozenStates, ReplacementModel } from '../engine/replacement-model.ts';
import { readResult, writeResult } from '../store/results.ts';
import { measureReplacements, replacementImages } from './replacement-batches.ts';
import type { Stage } from './stage.ts';

/**
 * Cascaded replacement from every block, for every token group, against the frozen model (method, sections 4 and 6), with
 * the data set's own prompts and with each of the recipe's templates alone.
 */
export const cascade: Stage = {
  id: 'cascade',
  title: 'Cascaded replacement',

  async run(context) {
    const { project, recipe, runId } = context;
    if ((await readResult(project, runId, 'cascade', 'cascade')) !== undefined) return 'reused';
    const started = performance.now();
    let windows: (CascadeWindow & Flips & { faithfulness: FaithfulnessMeter; prompts: PromptMeter })[] = [];
    let frozenPrompts: number[] = [];
    const { done } = await measureReplacements(
      context,
      'cascade',
      replacementImages(recipe),
      async ({ clip, classify, promptMeter }, { layers }) => {
        const frozenMeter = await promptMeter();
        windows = [];
        for (const window of cascadeWindows(layers)) {
          const faithfulness = new FaithfulnessMeter(clip.projectionDim);
          windows.push({ ...window, faithfulness, prompts: await promptMeter(), flips: [] });
        }
        return {
          async *embeddings({ model, pixels, states }) {
            for (const window of windows) yield replacedEmbeddings(model, pixels, states, window);
          },
          add(images, frozenEmbeddings, replacedEmbeddings) {
            images.forEach(({ classIndex, index }, at) => {
              const frozen = classify(frozenEmbeddings, at);
              frozenMeter.add(frozen.embedding, classIndex);
              const before = topKIndices(frozen.logits, 1)[0];
              windows.forEach(({ faithfulness, prompts, flips }, window) => {
                const replaced = classify(replacedEmbeddings[window], at);
                faithfulness.add(classIndex, frozen, replaced);
                prompts.add(replaced.embedding, classIndex);
                const after = topKIndices(replaced.logits, 1)[0];
                if (after !== before) flips.push([index, before, after]);
              });
            });
            frozenPrompts = frozenMeter.finish().top1;
          },
        };
      },
    );
    const section = windows.map(({ from, tokens, faithfulness }) => ({ from, tokens, ...faithfulness.finish() }));
    const prompts = {
      templates: promptTemplates(recipe.evaluate.promptTemplates),
      n: section[0].n,
      frozen: { top1: frozenPrompts, spread: promptSpread(frozenPrompts) },
      rows: windows.map(({ from, tokens, prompts }) => {
        const { top1 } = prompts.finish();
        const spread = promptSpread(top1);
        return { from, tokens, top1, spread, meanAbsDifference: meanAbsDifference(top1, frozenPrompts) };
      }),
    };
    const write = (key: string, value: unknown, seconds: number) =>
      writeResult(project, { runId, stage: 'cascade', key, section: value, seconds });
    await write('prompts', prompts, 0);
    await write(
      'flips',
      windows.map(({ from, tokens, flips }): CascadeWindow & Flips => ({ from, tokens, flips })),
      0,
    );
    await write('cascade', section, (performance.now() - started) / 1000);
    await done();
    return 'done';
  },
};

/** Images whose best class changes: [image index, class before, class after]. Kept beside the results document. */
export interface Flips {
  flips: [number, number, number][];
}

export interface CascadeWindow {
  /** The first replaced block. */
  from: number;
  tokens: TokenGroup;
}

/** Every first replaced block with every token group. */
export function cascadeWindows(layers: number): CascadeWindow[] {
  return Array.from({ length: layers }, (_, from) => tokenGroups.map((tokens) => ({ from, tokens }))).flat();
}

/** Embeddings with the blocks from..L-1 replaced. What lies before them is the frozen model's and not run again. */
export function replacedEmbeddings(
  model: ReplacementModel,
  pixels: Float32Array,
  states: FrozenStates,
  { from, tokens }: CascadeWindow,
): Promise<Float32Array> {
  const gates = cascadeGates(model.shape, model.clip.vision.tokens, from, tokens);
  return from === 0 ? model.run(pixels, gates) : model.runFrom(from, states.hidden[from], states.running[from], gates);
}

import { cascadeGates } from '../core/gates.ts';
import { type SourceChoice, sourceChoices, sourceRanking } from '../core/necessity.ts';
import type { TokenGroup } from '../core/tokens.ts';
import { rankOf } from '../core/zero-shot.ts';
import type { FrozenStates, ReplacementModel } from '../engine/replacement-model.ts';
import { readResult, writeResult } from '../store/results.ts';
import { contributionScores, eachReplacementBatch } from './replacement-batches.ts';
import type { Stage } from './stage.ts';

const groups = ['cls', 'all'] as const satisfies readonly TokenGroup[];
const controlSeeds = [0, 1, 2, 3, 4];

/** Necessity and sufficiency of the sources for the last block, by their contribution scores (method, section 5). */
export const necessity: Stage = {
  id: 'necessity',
  title: 'Necessity and sufficiency of the sources',

  async run(context) {
    const { project, runId, signal } = context;
    if ((await readResult(project, runId, 'necessity', 'necessity')) !== undefined) return 'reused';
    const started = performance.now();
    const contribution = await contributionScores(context);
    const trials = groups.map((tokens) => {
      const ranking = sourceRanking(contribution[tokens].map((row) => row.at(-1) ?? 0));
      const choices = sourceChoices(ranking, controlSeeds).map((choice) => ({ ...choice, hits: 0 }));
      return { tokens, ranking, choices };
    });
    let n = 0;
    let frozenHits = 0;
    await eachReplacementBatch(context, 'necessity', async ({ images, model, states, classify }) => {
      const hits = (embeddings: Float32Array) =>
        images.filter(({ classIndex }, at) => rankOf(classify(embeddings, at).logits, classIndex) === 0).length;
      n += images.length;
      frozenHits += hits(states.embeddings);
      for (const { tokens, choices } of trials) {
        for (const choice of choices) {
          signal.throwIfAborted();
          choice.hits += hits(await lastBlockFrom(model, states, tokens, choice.gates));
        }
      }
    });
    const section = trials.map(({ tokens, ranking, choices }) => {
      const [dropped, kept, ...controls] = choices.map(({ hits, gates: _, ...choice }) => ({
        ...choice,
        top1: hits / n,
      }));
      return {
        tokens,
        n,
        frozenTop1: frozenHits / n,
        ranking,
        dropTop1: { source: dropped.sources[0], top1: dropped.top1 },
        keepTop4: { sources: kept.sources, top1: kept.top1 },
        controls,
      };
    });
    const seconds = (performance.now() - started) / 1000;
    await writeResult(project, { runId, stage: 'necessity', key: 'necessity', section, seconds });
    return 'done';
  },
};

/** Embeddings with the last block's MLP output replaced by sum_i g_i c_{i->L-1} + b_dec for a token group. */
function lastBlockFrom(
  model: ReplacementModel,
  states: FrozenStates,
  tokens: TokenGroup,
  sourceGates: SourceChoice['gates'],
): Promise<Float32Array> {
  const { layers, width } = model.shape;
  const last = layers - 1;
  const gates = cascadeGates(model.shape, model.clip.vision.tokens, last, tokens);
  gates.edgeGate[last * layers + last] = sourceGates[last];
  const rows = states.hidden[last].length / width;
  const running = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let source = 0; source < last; source++) {
      if (sourceGates[source] === 0) continue;
      const from = (row * last + source) * width;
      for (let at = 0; at < width; at++) running[row * width + at] += states.toLast[from + at];
    }
  }
  return model.runFrom(last, states.hidden[last], running, gates);
}

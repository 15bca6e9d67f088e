import { cascadeGates } from '../core/gates.ts';
import { type SourceChoice, sourceChoices, sourceRanking } from '../core/necessity.ts';
import type { TokenGroup } from '../core/tokens.ts';
import type { FrozenStates, ReplacementModel } from '../engine/replacement-model.ts';
import { readResult, writeResult } from '../store/results.ts';
import { bestClasses, contributionScores, countHits, measureReplacements } from './replacement-batches.ts';
import type { Stage } from './stage.ts';

const groups = ['cls', 'all'] as const satisfies readonly TokenGroup[];
const controlSeeds = [0, 1, 2, 3, 4];

/** Necessity and sufficiency of the sources for the last block, by their contribution scores (method, section 5). */
export const necessity: Stage = {
  id: 'necessity',
  title: 'Necessity and sufficiency of the sources',

  async run(context) {
    const { project, recipe, runId } = context;
    if ((await readResult(project, runId, 'necessity', 'necessity')) !== undefined) return 'reused';
    const started = performance.now();
    const contribution = await contributionScores(context);
    const trials = groups.map((tokens) => {
      const ranking = sourceRanking(contribution[tokens].map((row) => row.at(-1) ?? 0));
      const choices = sourceChoices(ranking, controlSeeds).map((choice) => ({ ...choice, hits: 0, flips: 0 }));
      return { tokens, ranking, choices };
    });
    let n = 0;
    let frozenHits = 0;
    const choices = trials.flatMap((trial) => trial.choices.map((choice) => ({ choice, tokens: trial.tokens })));
    const { done } = await measureReplacements(context, 'necessity', recipe.evaluate.maxImages, ({ classify }) => ({
      async *embeddings({ model, states }) {
        for (const { choice, tokens } of choices) yield lastBlockFrom(model, states, tokens, choice.gates);
      },
      add(images, frozen, replaced) {
        n += images.length;
        frozenHits += countHits(classify, images, frozen);
        const before = bestClasses(classify, images, frozen);
        choices.forEach(({ choice }, at) => {
          const after = bestClasses(classify, images, replaced[at]);
          choice.hits += countHits(classify, images, replaced[at]);
          choice.flips += after.filter((best, image) => best !== before[image]).length;
        });
      },
    }));
    const section = trials.map(({ tokens, ranking, choices }) => {
      const [dropped, kept, ...controls] = choices.map(({ hits, flips, gates: _, ...choice }) => ({
        ...choice,
        top1: hits / n,
        flipRate: flips / n,
      }));
      return {
        tokens,
        n,
        frozenTop1: frozenHits / n,
        ranking,
        dropTop1: { source: dropped.sources[0], top1: dropped.top1, flipRate: dropped.flipRate },
        keepTop4: { sources: kept.sources, top1: kept.top1, flipRate: kept.flipRate },
        controls,
      };
    });
    const seconds = (performance.now() - started) / 1000;
    await writeResult(project, { runId, stage: 'necessity', key: 'necessity', section, seconds });
    await done();
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
  const { tokens: perImage } = model.clip.vision;
  const rows = states.hidden[last].length / width;
  const running = new Float32Array(rows * width);
  // CLS alone is projected: what reaches patches in the last block is never seen.
  for (let row = 0; row < rows; row += perImage) {
    for (let source = 0; source < last; source++) {
      if (sourceGates[source] === 0) continue;
      const from = (row * last + source) * width;
      for (let at = 0; at < width; at++) running[row * width + at] += states.toLast[from + at];
    }
  }
  return model.runFrom(last, states.hidden[last], running, gates);
}

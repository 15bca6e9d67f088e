import { cascadeGates } from '../core/gates.ts';
import { spearman } from '../core/rank.ts';
import type { FrozenStates, ReplacementModel } from '../engine/replacement-model.ts';
import { readResult, writeResult } from '../store/results.ts';
import { contributionScores, countHits, measureReplacements, replacementImages } from './replacement-batches.ts';
import type { Stage } from './stage.ts';
import { trainingMeans } from './training-means.ts';

/**
 * The test that would refute the contribution scores (method, section 5): the frozen model's own MLPs are ablated one by
 * one, on all tokens, to zero or to their mean over the training tokens. The accuracy lost by mean ablation is ranked
 * against the scores C_{i->L-1} of CLS, the token that is projected.
 */
export const audit: Stage = {
  id: 'audit',
  title: 'Audit by ablation of the frozen MLPs',

  async run(context) {
    const { project, recipe, runId } = context;
    if ((await readResult(project, runId, 'audit', 'audit')) !== undefined) return 'reused';
    const started = performance.now();
    const contribution = await contributionScores(context);
    const scores = contribution.cls.map((row) => row.at(-1) ?? 0);
    const means = await trainingMeans(context);
    const zeros = new Float32Array(means.length);
    const rows = scores.map((_, layer) => ({ layer, zeroHits: 0, meanHits: 0 }));
    let n = 0;
    let frozenHits = 0;
    const { done } = await measureReplacements(context, 'audit', replacementImages(recipe), ({ classify }) => ({
      async *embeddings({ model, pixels, states }) {
        for (const { layer } of rows) {
          yield ablated(model, pixels, states, layer, zeros);
          yield ablated(model, pixels, states, layer, means);
        }
      },
      add(images, frozen, replaced) {
        n += images.length;
        frozenHits += countHits(classify, images, frozen);
        rows.forEach((row, at) => {
          row.zeroHits += countHits(classify, images, replaced[2 * at]);
          row.meanHits += countHits(classify, images, replaced[2 * at + 1]);
        });
      },
    }));
    const section = rows.map(({ layer, zeroHits, meanHits }) => ({
      layer,
      zeroAblationTop1: zeroHits / n,
      meanAblationTop1: meanHits / n,
      n,
      frozenTop1: frozenHits / n,
    }));
    const lost = section.map(({ frozenTop1, meanAblationTop1 }) => frozenTop1 - meanAblationTop1);
    const write = (key: string, value: unknown, seconds: number) =>
      writeResult(project, { runId, stage: 'audit', key, section: value, seconds });
    await write('auditSpearman', spearman(lost, scores), 0);
    await write('audit', section, (performance.now() - started) / 1000);
    await done();
    return 'done';
  },
};

/** Embeddings of the frozen model with one layer's MLP output fixed to its row of `values` [L, d], for every token. */
function ablated(
  model: ReplacementModel,
  pixels: Float32Array,
  states: FrozenStates,
  layer: number,
  values: Float32Array,
): Promise<Float32Array> {
  const { layers, width } = model.shape;
  const { tokens } = model.clip.vision;
  // With every edge closed, the reconstruction is the bias alone, and only the one layer gives way to it.
  const gates = { ...cascadeGates(model.shape, tokens, layers, 'all'), bias: values };
  gates.mlpGate.fill(1, layer * tokens, (layer + 1) * tokens);
  gates.edgeGate.fill(0);
  if (layer === 0) return model.run(pixels, gates);
  const nothing = new Float32Array((states.hidden[layer].length / width) * (layers - layer) * width);
  return model.runFrom(layer, states.hidden[layer], nothing, gates);
}

import { ContributionScores } from '../core/contribution-scores.ts';
import { ReconstructionMeter } from '../core/metrics.ts';
import { promptTemplates } from '../core/prompt-templates.ts';
import { rankOf } from '../core/zero-shot.ts';
import type { ClipFolder } from '../data/clip-folder.ts';
import { CltModel } from '../engine/clt-model.ts';
import { free } from '../engine/session.ts';
import { VisionTower } from '../engine/vision-tower.ts';
import { readResult, writeResult } from '../store/results.ts';
import { Progress } from './progress.ts';
import { splitTaps } from './split-taps.ts';
import type { Stage } from './stage.ts';
import { openTestImages, runClt } from './test-images.ts';

/** Tokens sent through the CLT at once: bounds the memory of its codes. */
const tokensPerRun = 2048;

/** Measures the stored CLT's reconstruction and contribution scores and the frozen model's accuracy on the test split. */
export const evaluate: Stage = {
  id: 'evaluate',
  title: 'Measure reconstruction, contribution scores and zero-shot accuracy',

  async run(context) {
    const { project, recipe, runId } = context;
    if ((await readResult(project, runId, 'evaluate', 'zeroShot')) !== undefined) return 'reused';
    const started = performance.now();
    const images = await openTestImages(context, recipe.evaluate.maxImages);
    const { clip } = images;
    const tower = await VisionTower.load(clip, recipe.provider);
    const clt = await CltModel.load(await runClt(context), recipe.provider);
    const meters = new TestMeters(clt, clip);
    const hits = { top1: 0, top5: 0 };
    const prompts = await images.promptMeter();
    const progress = new Progress(context, 'evaluate', 'images', images.count);
    const allTokens = Array.from({ length: clip.vision.tokens }, (_, token) => token);
    let done = 0;
    try {
      for await (const batch of images.batches(recipe.evaluate.batchImages)) {
        const { embeddings, taps } = await tower.run(
          batch.pixels,
          batch.images.map(() => allTokens),
        );
        free(batch.pixels);
        batch.images.forEach(({ classIndex }, at) => {
          const { logits, embedding } = images.classify(embeddings, at);
          prompts.add(embedding, classIndex);
          const rank = rankOf(logits, classIndex);
          if (rank < 1) hits.top1 += 1;
          if (rank < 5) hits.top5 += 1;
        });
        await meters.add(taps);
        free(taps);
        done += batch.images.length;
        progress.report(done);
      }
    } finally {
      await Promise.all([tower.release(), clt.release(), images.close()]);
    }
    const n = images.count;
    const write = (key: string, section: unknown, seconds: number) =>
      writeResult(project, { runId, stage: 'evaluate', key, section, seconds });
    const { reconstruction, contribution } = meters.finish();
    await write('reconstruction', reconstruction, (performance.now() - started) / 1000);
    await write('contribution', contribution, 0);
    const byTemplate = prompts.finish();
    const perTemplate = promptTemplates(recipe.evaluate.promptTemplates).map((template, at) => ({
      template,
      top1: byTemplate.top1[at],
      top5: byTemplate.top5[at],
    }));
    await write('zeroShot', { top1: hits.top1 / n, top5: hits.top5 / n, n, perTemplate }, 0);
    return 'done';
  },
};

/** Metrics and contribution scores for CLS and patches, from which `all` follows. */
class TestMeters {
  readonly #clt: CltModel;
  readonly #tokens: number;
  readonly #cls: ReconstructionMeter;
  readonly #patches: ReconstructionMeter;
  readonly #clsScores: ContributionScores;
  readonly #patchScores: ContributionScores;

  constructor(clt: CltModel, clip: ClipFolder) {
    const { layers, width, features } = clt.shape;
    const meter = () => new ReconstructionMeter(layers, width, features);
    this.#clt = clt;
    this.#tokens = clip.vision.tokens;
    this.#cls = meter();
    this.#patches = meter();
    this.#clsScores = new ContributionScores(layers);
    this.#patchScores = new ContributionScores(layers);
  }

  /** taps [images * T, L*2*d] of whole images. */
  async add(taps: Float32Array): Promise<void> {
    const { layers, width, features } = this.#clt.shape;
    const rowSize = layers * 2 * width;
    const total = taps.length / rowSize;
    for (let start = 0; start < total; start += tokensPerRun) {
      const tokens = Math.min(tokensPerRun, total - start);
      const { x, y } = splitTaps(taps.subarray(start * rowSize, (start + tokens) * rowSize), width);
      const isCls = (token: number) => (start + token) % this.#tokens === 0;
      const groups = new Float32Array(2 * tokens);
      for (let token = 0; token < tokens; token++) groups[isCls(token) ? token : tokens + token] = 1;
      const { yhat, l0, fired, shares } = await this.#clt.run(x, groups);
      const pairs = shares.length / tokens;
      for (let token = 0; token < tokens; token++) {
        (isCls(token) ? this.#cls : this.#patches).addToken(y, yhat, l0, token);
        const own = shares.subarray(token * pairs, (token + 1) * pairs);
        (isCls(token) ? this.#clsScores : this.#patchScores).add(own);
      }
      this.#cls.addFired(fired.subarray(0, layers * features));
      this.#patches.addFired(fired.subarray(layers * features));
      free(yhat);
    }
  }

  finish() {
    const [cls, patches] = [this.#cls.finish(), this.#patches.finish()];
    const [clsScores, patchScores] = [this.#clsScores.finish(), this.#patchScores.finish()];
    this.#patches.merge(this.#cls);
    this.#patchScores.merge(this.#clsScores);
    return {
      reconstruction: { cls, patches, all: this.#patches.finish() },
      contribution: { cls: clsScores, patches: patchScores, all: this.#patchScores.finish() },
    };
  }
}

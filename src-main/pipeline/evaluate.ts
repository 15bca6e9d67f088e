import { join } from 'node:path';
import { ReconstructionMeter } from '../core/metrics.ts';
import { classEmbeddings, classLogits, rankOf } from '../core/zero-shot.ts';
import type { ClipFolder } from '../data/clip-folder.ts';
import { readCltFolder } from '../data/clt-folder.ts';
import { loadTokenizer } from '../data/tokenizer.ts';
import { CltModel } from '../engine/clt-model.ts';
import { free, type Provider } from '../engine/session.ts';
import { embedPrompts } from '../engine/text-tower.ts';
import { VisionTower } from '../engine/vision-tower.ts';
import type { StoredDataset } from '../store/datasets.ts';
import { chosenImages } from '../store/image-choice.ts';
import { runDir } from '../store/project-folder.ts';
import { readResult, writeResult } from '../store/results.ts';
import { imageBatches } from './image-batches.ts';
import { runDataset, runModel } from './inputs.ts';
import { Progress } from './progress.ts';
import type { Stage } from './stage.ts';

/** Tokens sent through the CLT at once: bounds the memory of its codes. */
const tokensPerRun = 2048;

/** Measures the stored CLT's reconstruction and the frozen model's zero-shot accuracy on the test split. */
export const evaluate: Stage = {
  id: 'evaluate',
  title: 'Measure reconstruction and zero-shot accuracy',

  async run(context) {
    const { project, recipe, runId, signal } = context;
    if ((await readResult(project, runId, 'evaluate', 'zeroShot')) !== undefined) return 'reused';
    const started = performance.now();
    const { clip } = await runModel(context);
    const { stored: dataset, images: reader } = await runDataset(context);
    const { maxImages, batchImages } = recipe.evaluate;
    const choice = maxImages === undefined ? undefined : { maxImages, seed: recipe.seed };
    const images = await chosenImages(project, dataset.name, 'test', choice);
    const classes = await datasetClasses(clip, dataset, recipe.provider);
    const tower = await VisionTower.load(clip, recipe.provider);
    const clt = await CltModel.load(await readCltFolder(join(runDir(project, runId), 'clt')), recipe.provider);
    const meters = new TestMeters(clt, clip);
    const hits = { top1: 0, top5: 0 };
    const progress = new Progress(context, 'evaluate', 'images', images.length);
    let done = 0;
    try {
      const inputs = { project, name: dataset.name, reader, preprocess: clip.preprocess };
      const allTokens = Array.from({ length: clip.vision.tokens }, (_, token) => token);
      for await (const batch of imageBatches(inputs, images, batchImages, signal)) {
        const { embeddings, taps } = await tower.run(
          batch.pixels,
          batch.images.map(() => allTokens),
        );
        free(batch.pixels);
        batch.images.forEach(({ classIndex }, at) => {
          const embedding = embeddings.subarray(at * clip.projectionDim, (at + 1) * clip.projectionDim);
          const rank = rankOf(classLogits(embedding, classes, Math.exp(clip.logitScale)), classIndex);
          if (rank < 1) hits.top1 += 1;
          if (rank < 5) hits.top5 += 1;
        });
        await meters.add(taps);
        free(taps);
        done += batch.images.length;
        progress.report(done);
      }
    } finally {
      await Promise.all([tower.release(), clt.release(), reader.close()]);
    }
    const n = images.length;
    const write = (key: string, section: unknown, seconds: number) =>
      writeResult(project, { runId, stage: 'evaluate', key, section, seconds });
    await write('reconstruction', meters.finish(), (performance.now() - started) / 1000);
    await write('zeroShot', { top1: hits.top1 / n, top5: hits.top5 / n, n }, 0);
    return 'done';
  },
};

/** Class embeddings of a data set's prompts (method, section 6). */
async function datasetClasses(clip: ClipFolder, dataset: StoredDataset, provider: Provider): Promise<Float32Array> {
  const prompts = dataset.classes.flatMap((entry) => entry.prompts);
  const tokenizer = await loadTokenizer(clip);
  const text = await embedPrompts(clip, tokenizer.encode(prompts, clip.text.maxTokens), provider);
  return classEmbeddings(
    text,
    clip.projectionDim,
    dataset.classes.map((entry) => entry.prompts.length),
  );
}

/** Reconstruction metrics for CLS and patches, from which `all` follows. */
class TestMeters {
  readonly #clt: CltModel;
  readonly #tokens: number;
  readonly #cls: ReconstructionMeter;
  readonly #patches: ReconstructionMeter;

  constructor(clt: CltModel, clip: ClipFolder) {
    const { layers, width, features } = clt.shape;
    const meter = () => new ReconstructionMeter(layers, width, features);
    this.#clt = clt;
    this.#tokens = clip.vision.tokens;
    this.#cls = meter();
    this.#patches = meter();
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
      const { yhat, l0, fired } = await this.#clt.run(x, groups);
      for (let token = 0; token < tokens; token++) {
        (isCls(token) ? this.#cls : this.#patches).addToken(y, yhat, l0, token);
      }
      this.#cls.addFired(fired.subarray(0, layers * features));
      this.#patches.addFired(fired.subarray(layers * features));
      free(yhat);
    }
  }

  finish() {
    const cls = this.#cls.finish();
    const patches = this.#patches.finish();
    this.#patches.merge(this.#cls);
    return { cls, patches, all: this.#patches.finish() };
  }
}

/** Rows [layer][x | y][width] -> x and y [tokens, L*d]. */
function splitTaps(taps: Float32Array, width: number): { x: Float32Array; y: Float32Array } {
  const x = new Float32Array(taps.length / 2);
  const y = new Float32Array(taps.length / 2);
  for (let at = 0; at < taps.length / (2 * width); at++) {
    x.set(taps.subarray(at * 2 * width, (at * 2 + 1) * width), at * width);
    y.set(taps.subarray((at * 2 + 1) * width, (at + 1) * 2 * width), at * width);
  }
  return { x, y };
}

import { setImmediate } from 'node:timers/promises';
import { labelFeature, meanDirection } from '../core/feature-labels.ts';
import { FeatureStatistics } from '../core/feature-statistics.ts';
import { normaliseRows, rowNorms } from '../core/nearest-features.ts';
import type { CltFolder } from '../data/clt-folder.ts';
import { readTensor } from '../data/safetensors.ts';
import { nearestByDecoder } from '../engine/decoder-similarity.ts';
import { free } from '../engine/session.ts';
import { datasetNamed } from '../store/datasets.ts';
import { addFeatures, type FeatureRecord, removeFeatures } from '../store/features.ts';
import type { CodeBatch } from './code-batches.ts';
import { type FeatureTexts, featureTexts } from './feature-texts.ts';
import { runModel } from './inputs.ts';
import type { StageContext } from './stage.ts';
import { runClt } from './test-images.ts';

const neighboursPerFeature = 5;

export interface FeatureIndexOptions {
  /** Labels by directions from the mean over all features that fired, not from the origin (core/feature-labels.ts). */
  centreLabels?: boolean;
}

/** What the feature index holds. */
export interface FeatureIndexSummary {
  images: number;
  features: number;
  /** Features that fired on no image. */
  dead: number;
}

/**
 * Builds the feature index of a run (method, section 8): give it every index image once, in whole-image batches, then
 * finish. Memory is bounded by features x (top images + projection width) and one layer's decoders.
 */
export class FeatureIndexer {
  readonly #context: StageContext;
  readonly #clt: CltFolder;
  readonly #texts: FeatureTexts;
  readonly #statistics: FeatureStatistics;
  readonly #options: FeatureIndexOptions;

  private constructor(
    context: StageContext,
    clt: CltFolder,
    texts: FeatureTexts,
    statistics: FeatureStatistics,
    options: FeatureIndexOptions,
  ) {
    this.#context = context;
    this.#clt = clt;
    this.#texts = texts;
    this.#statistics = statistics;
    this.#options = options;
  }

  static async start(context: StageContext, options: FeatureIndexOptions = {}): Promise<FeatureIndexer> {
    const { project, recipe } = context;
    const { clip } = await runModel(context);
    const clt = await runClt(context);
    const dataset = await datasetNamed(project, recipe.dataset);
    const texts = await featureTexts(clip, dataset, recipe.index.vocabulary, recipe.provider);
    const statistics = new FeatureStatistics({
      features: clt.shape.layers * clt.shape.features,
      tokens: clip.vision.tokens,
      embeddingWidth: clip.projectionDim,
      topImages: recipe.index.topImages,
    });
    return new FeatureIndexer(context, clt, texts, statistics, options);
  }

  add({ images, embeddings, z }: CodeBatch): void {
    const { features, tokens, embeddingWidth } = this.#statistics.size;
    const codes = tokens * features;
    images.forEach(({ index }, at) => {
      const embedding = embeddings.subarray(at * embeddingWidth, (at + 1) * embeddingWidth);
      this.#statistics.add(index, z.subarray(at * codes, (at + 1) * codes), embedding);
    });
  }

  /** Writes the rows, layer by layer, in place of any that an earlier attempt left. */
  async finish(): Promise<FeatureIndexSummary> {
    const { project, runId, signal } = this.#context;
    const { layers, features } = this.#clt.shape;
    await removeFeatures(project, runId);
    const centre = this.#options.centreLabels ? this.#meanDirection() : undefined;
    let dead = 0;
    for (let layer = 0; layer < layers; layer++) {
      signal.throwIfAborted();
      const records = await this.#layerRecords(layer, centre);
      await addFeatures(project, runId, records);
      dead += records.filter(({ rate }) => rate === 0).length;
      await setImmediate();
    }
    return { images: this.#statistics.images, features: layers * features, dead };
  }

  #meanDirection(): Float32Array {
    const { features, embeddingWidth } = this.#statistics.size;
    const sums = Iterator.from(Array(features).keys()).map((feature) => this.#statistics.embeddingSum(feature));
    return meanDirection(sums, embeddingWidth);
  }

  async #layerRecords(layer: number, centre: Float32Array | undefined): Promise<FeatureRecord[]> {
    const { layers, width, features } = this.#clt.shape;
    const targets = layers - layer;
    const index = this.#clt.files.get(`W_dec_${layer}`);
    if (!index) throw new Error(`${this.#clt.dir}: no W_dec_${layer} although the folder was checked`);
    const decoders = await readTensor(index, `W_dec_${layer}`);
    const norms = rowNorms(decoders, width);
    normaliseRows(decoders, targets * width);
    const nearest = await nearestByDecoder(decoders, targets * width, neighboursPerFeature, this.#context.signal);
    free(decoders);
    return Array.from({ length: features }, (_, feature) => {
      const at = layer * features + feature;
      const { firingRate, imageRate, mean, max, topImages } = this.#statistics.summary(at);
      const label = labelFeature(this.#statistics.embeddingSum(at), this.#texts.embeddings, centre);
      return {
        layer,
        feature,
        rate: firingRate.all,
        rateCls: firingRate.cls,
        ratePatches: firingRate.patches,
        imageRate,
        mean,
        max,
        label: label ? this.#texts.texts[label.text] : null,
        cosine: label?.cosine ?? null,
        margin: label?.margin ?? null,
        topImages,
        decoderNorms: Array.from(norms.subarray(feature * targets, (feature + 1) * targets)),
        nearest: nearest[feature],
      };
    });
  }
}

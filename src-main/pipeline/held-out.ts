import type { CltShape } from '../core/clt-shape.ts';
import { ReconstructionMeter, type ReconstructionRow } from '../core/metrics.ts';
import { type Statistics, splitRows, standardiseRows } from '../core/standardise.ts';
import type { CltTrainer } from '../engine/clt-trainer.ts';
import { chosenImages } from '../store/image-choice.ts';
import { ActivationRows } from './activation-rows.ts';
import type { StageContext } from './stage.ts';

/** Test images whose sampled tokens are watched during training. They are shown, and never used to choose anything. */
const heldOutImages = 64;

/** A fixed batch of test tokens on which a training run is measured. */
export class HeldOutBatch {
  readonly #shape: CltShape;
  readonly #statistics: Statistics;
  readonly #x: Float32Array;
  readonly #y: Float32Array;

  constructor(shape: CltShape, statistics: Statistics, rows: Uint16Array) {
    const { layers, width } = shape;
    this.#shape = shape;
    this.#statistics = statistics;
    this.#x = new Float32Array(rows.length / 2);
    this.#y = new Float32Array(rows.length / 2);
    standardiseRows(rows, statistics, this.#x, this.#y);
    splitRows(rows, layers, width, new Float32Array(rows.length / 2), this.#y);
  }

  /** Reads the batch; undefined when the data set has no test images. */
  static async read(context: StageContext, shape: CltShape, statistics: Statistics): Promise<HeldOutBatch | undefined> {
    const { project, recipe, signal } = context;
    const choice = { maxImages: heldOutImages, seed: recipe.seed };
    const images = await chosenImages(project, recipe.dataset, 'test', choice);
    if (images.length === 0) return undefined;
    const source = await ActivationRows.open(context);
    try {
      const batches: Uint16Array[] = [];
      for await (const batch of source.read(images, 0, signal)) batches.push(batch);
      const rows = new Uint16Array(batches.reduce((sum, batch) => sum + batch.length, 0));
      batches.reduce((offset, batch) => {
        rows.set(batch, offset);
        return offset + batch.length;
      }, 0);
      return new HeldOutBatch(shape, statistics, rows);
    } finally {
      await source.close();
    }
  }

  /** Metrics of every layer with the trainer's present weights, in raw activation units. */
  async measure(trainer: Pick<CltTrainer, 'forward'>): Promise<ReconstructionRow[]> {
    const { layers, width, features } = this.#shape;
    const { meanY, rmsY } = this.#statistics;
    const tokens = this.#x.length / (layers * width);
    const { yhat, l0, fired } = await trainer.forward(this.#x, new Float32Array(tokens).fill(1));
    for (let at = 0; at < yhat.length; at++) {
      const column = at % (layers * width);
      yhat[at] = yhat[at] * rmsY[Math.floor(column / width)] + meanY[column];
    }
    const meter = new ReconstructionMeter(layers, width, features);
    for (let token = 0; token < tokens; token++) meter.addToken(this.#y, yhat, l0, token);
    meter.addFired(fired);
    return meter.finish();
  }
}

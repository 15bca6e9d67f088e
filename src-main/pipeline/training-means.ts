import { existsSync } from 'node:fs';
import { StatisticsSums } from '../core/standardise.ts';
import { readSafetensorsIndex, readTensor } from '../data/safetensors.ts';
import { ActivationRows } from './activation-rows.ts';
import { openActivationSource } from './activation-source.ts';
import { checkpointPath } from './checkpoint.ts';
import { Progress } from './progress.ts';
import { trainingImages } from './shard-spec.ts';
import type { StageContext } from './stage.ts';

/**
 * Mean MLP output of every layer over the training tokens of the recipe [L, d]. A run that was trained here has them in
 * its checkpoint. For weights that were imported the tokens are computed once more, and nothing is kept of them but sums.
 */
export async function trainingMeans(context: StageContext): Promise<Float32Array> {
  const path = checkpointPath(context);
  if (existsSync(path)) return readTensor(await readSafetensorsIndex(path), 'meanY');
  if (context.recipe.capture.mode === 'stream') {
    const source = await openActivationSource(context);
    const { meanY } = await source.statistics().finally(() => source.close());
    return meanY;
  }
  const images = await trainingImages(context);
  const rows = await ActivationRows.open(context);
  const { layers, width } = rows.clip.vision;
  const sums = new StatisticsSums(layers, width);
  const progress = new Progress(context, 'audit', 'training images', images.length);
  let done = 0;
  try {
    for await (const batch of rows.read(images, 0, context.signal)) {
      sums.addRows(batch);
      done += Math.min(context.recipe.capture.batchImages, images.length - done);
      progress.report(done);
    }
  } finally {
    await rows.close();
  }
  return sums.finish().meanY;
}

import { statfs } from 'node:fs/promises';
import { StrataError } from '../contract/errors.ts';
import { free } from '../engine/session.ts';
import { ActivationShards, partCount, type ShardSpec, shardBytes, shardKey } from '../store/activation-shards.ts';
import { shardsDir } from '../store/project-folder.ts';
import { writeResult } from '../store/results.ts';
import { ActivationRows } from './activation-rows.ts';
import { hasImportedWeights } from './imported-weights.ts';
import { runModel } from './inputs.ts';
import { Progress } from './progress.ts';
import { shardSpec, trainingImages } from './shard-spec.ts';
import type { Stage, StageContext } from './stage.ts';

/** Sends the training images through the vision tower and keeps the sampled tokens' activations as shards. */
export const capture: Stage = {
  id: 'capture',
  title: 'Capture activations',

  async run(context) {
    const { project, recipe, runId } = context;
    if (recipe.capture.mode === 'stream') {
      const message = 'capture.mode is stream: activations are computed while training needs them, nothing is written';
      context.emit({ type: 'notice', level: 'info', message });
      return 'reused';
    }
    if (await hasImportedWeights(context)) {
      const message = 'the weights were imported: there is nothing to train, and so nothing to capture';
      context.emit({ type: 'notice', level: 'info', message });
      return 'reused';
    }
    const started = performance.now();
    const images = await trainingImages(context);
    const { clip } = await runModel(context);
    const spec = await shardSpec(context, clip, images.length);
    const shards = new ActivationShards(shardsDir(project), spec);
    const reused = shards.complete;
    if (!reused) {
      await checkDisk(context, spec, shards);
      await writeParts(context, shards, images);
    }
    await writeResult(project, {
      runId,
      stage: 'capture',
      key: 'shards',
      section: { shards: shardKey(spec), tokens: shards.tokens, bytes: shardBytes(spec) },
      seconds: reused ? 0 : (performance.now() - started) / 1000,
    });
    return reused ? 'reused' : 'done';
  },
};

/** Refuses before the first byte is written if the shards break the budget or do not fit the disk. */
async function checkDisk(context: StageContext, spec: ShardSpec, shards: ActivationShards): Promise<void> {
  const needed = shardBytes(spec);
  const budget = context.recipe.capture.diskBudgetGB * 1e9;
  const { bavail, bsize } = await statfs(shards.dir);
  const free = bavail * bsize;
  const estimate = `${(spec.images * spec.tokensPerImage).toLocaleString('en')} tokens take ${gigabytes(needed)} on disk`;
  const ways = "capture fewer patchesPerImage or maxImages, or set capture.mode to 'stream', which writes nothing";
  if (needed > budget) {
    const limit = `more than capture.diskBudgetGB allows (${gigabytes(budget)})`;
    throw new StrataError('DISK_BUDGET', `${shards.dir}: ${estimate}, ${limit}; raise it, ${ways}`);
  }
  if (needed > free) {
    throw new StrataError('DISK_BUDGET', `${shards.dir}: ${estimate}, but only ${gigabytes(free)} are free; ${ways}`);
  }
  const message = `${estimate} (budget ${gigabytes(budget)}, free ${gigabytes(free)})`;
  context.emit({ type: 'notice', level: 'info', message });
}

async function writeParts(context: StageContext, shards: ActivationShards, images: Int32Array): Promise<void> {
  shards.removeLeftovers();
  const parts = Array.from({ length: partCount(shards.spec) }, (_, part) => part);
  const missing = parts.filter((part) => !shards.hasPart(part));
  const size = (part: number) => shards.imagesOfPart(part).end - shards.imagesOfPart(part).first;
  let done = images.length - missing.reduce((sum, part) => sum + size(part), 0);
  const progress = new Progress(context, 'capture', 'images', images.length, done);
  const rows = await ActivationRows.open(context);
  try {
    for (const part of missing) {
      const { first, end } = shards.imagesOfPart(part);
      const batches = rows.read(images.subarray(first, end), 0, context.signal);
      await shards.writePart(part, counted(batches));
    }
  } finally {
    await rows.close();
  }

  async function* counted(batches: AsyncIterable<Uint16Array<ArrayBuffer>>) {
    const perImage = shards.spec.tokensPerImage * shards.spec.layers * 2 * shards.spec.width;
    for await (const batch of batches) {
      const images = batch.length / perImage;
      yield batch;
      free(batch);
      done += images;
      progress.report(done);
    }
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}

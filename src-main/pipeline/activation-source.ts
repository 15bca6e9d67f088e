import { Permutation } from '../core/permutation.ts';
import type { Statistics } from '../core/standardise.ts';
import { StatisticsSums } from '../core/standardise.ts';
import { tokensPerImage } from '../core/tokens.ts';
import { ActivationShards } from '../store/activation-shards.ts';
import { shardsDir } from '../store/project-folder.ts';
import { ActivationRows } from './activation-rows.ts';
import { runModel } from './inputs.ts';
import { shardSpec, trainingImages } from './shard-spec.ts';
import type { StageContext } from './stage.ts';

/**
 * Training tokens in a seeded order that goes on for ever, epoch after epoch. The n-th token is a pure function of
 * (recipe, data), so a run resumes at any place from one number.
 */
export interface ActivationSource {
  /** Mean and scale of the training tokens. */
  statistics(): Promise<Statistics>;
  /** The tokens start..start+n-1 of the order, as rows in half precision; n = what fits into `target`. */
  read(start: number, target: Uint16Array): Promise<void>;
  close(): Promise<void>;
}

export function openActivationSource(context: StageContext): Promise<ActivationSource> {
  return context.recipe.capture.mode === 'stream' ? openStream(context) : openShards(context);
}

/** Captured shards: every epoch is one shuffle of all tokens. */
async function openShards(context: StageContext): Promise<ActivationSource> {
  const { clip } = await runModel(context);
  const images = await trainingImages(context);
  const spec = await shardSpec(context, clip, images.length);
  const shards = new ActivationShards(shardsDir(context.project), spec);
  const rowSize = spec.layers * 2 * spec.width;
  let epoch = -1;
  let shuffle: Permutation;
  return {
    statistics: async () => shards.statisticsSums().finish(),
    async read(start, target) {
      const wanted = Array.from({ length: target.length / rowSize }, (_, at) => {
        const current = Math.floor((start + at) / shards.tokens);
        if (current !== epoch) {
          epoch = current;
          shuffle = new Permutation(shards.tokens, context.recipe.seed, `shuffle/${epoch}`);
        }
        return shuffle.at((start + at) % shards.tokens);
      });
      shards.readRows(wanted, target);
    },
    close: async () => shards.close(),
  };
}

/**
 * Nothing on disk: every epoch is a shuffle of the images, cut into blocks that fill the shuffle buffer; a block's
 * tokens are shuffled among themselves. A resumed run computes at most one block again.
 */
async function openStream(context: StageContext): Promise<ActivationSource> {
  const { recipe, signal } = context;
  const images = await trainingImages(context);
  const rows = await ActivationRows.open(context);
  const { layers, width, tokens } = rows.clip.vision;
  const rowSize = layers * 2 * width;
  const perImage = tokensPerImage(tokens, recipe.capture.patchesPerImage);
  const blockImages = Math.min(images.length, Math.max(1, Math.floor(recipe.capture.shuffleBufferTokens / perImage)));
  const blocksPerEpoch = Math.ceil(images.length / blockImages);
  const tokensPerEpoch = images.length * perImage;
  const buffer = new Uint16Array(blockImages * perImage * rowSize);
  let loaded = -1;
  let shuffle: Permutation;

  async function load(epoch: number, block: number): Promise<void> {
    const id = epoch * blocksPerEpoch + block;
    if (id === loaded) return;
    loaded = -1;
    const order = new Permutation(images.length, recipe.seed, `stream/${epoch}`);
    const first = block * blockImages;
    const count = Math.min(blockImages, images.length - first);
    const indices = Array.from({ length: count }, (_, at) => images[order.at(first + at)]);
    let filled = 0;
    for await (const batch of rows.read(indices, epoch, signal)) {
      buffer.set(batch, filled);
      filled += batch.length;
    }
    shuffle = new Permutation(count * perImage, recipe.seed, `stream/${epoch}/${block}`);
    loaded = id;
  }

  return {
    /** From the first block: a first pass that is as long as the buffer. */
    async statistics() {
      await load(0, 0);
      const sums = new StatisticsSums(layers, width);
      sums.addRows(buffer.subarray(0, blockImages * perImage * rowSize));
      return sums.finish();
    },
    async read(start, target) {
      for (let at = 0; at < target.length / rowSize; at++) {
        const inEpoch = (start + at) % tokensPerEpoch;
        const block = Math.floor(inEpoch / (blockImages * perImage));
        await load(Math.floor((start + at) / tokensPerEpoch), block);
        const token = shuffle.at(inEpoch - block * blockImages * perImage);
        target.set(buffer.subarray(token * rowSize, (token + 1) * rowSize), at * rowSize);
      }
    },
    close: () => rows.close(),
  };
}

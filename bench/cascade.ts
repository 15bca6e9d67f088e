import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cascadeGates } from '../src-main/core/gates.ts';
import { tokenGroups } from '../src-main/core/tokens.ts';
import { readClipFolder } from '../src-main/data/clip-folder.ts';
import { ReplacementModel } from '../src-main/engine/replacement-model.ts';
import { cascadeWindows, replacedEmbeddings } from '../src-main/pipeline/cascade.ts';
import { freeStates, frozenStates } from '../src-main/pipeline/replacement-batches.ts';
import { resolveSource } from '../src-main/pipeline/source.ts';
import { writeRandomClt } from '../src-main/testing/random-clt.ts';
import { milliseconds, sideBySide } from './timing.ts';

const images = 32;
const rounds = 3;

/** Every cascade window on one batch: with the frozen prefix shared, beside its 3L configurations one by one. */
export async function benchCascade(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'strata-bench-'));
  const clip = await readClipFolder(resolveSource('embedded:models/mini-clip'));
  const { layers, width, tokens, imageSize } = clip.vision;
  const { folder, weights } = await writeRandomClt(dir, { layers, width, features: 768 }, 'relu-topk', 0, { k: 32 });
  const model = await ReplacementModel.load(clip, folder.shape, weights, 'cpu');
  const pixels = new Float32Array(images * 3 * imageSize ** 2).fill(0.5);
  const windows = cascadeWindows(layers);
  const timings = await sideBySide(
    {
      async shared() {
        const states = await frozenStates(model, pixels);
        for (const window of windows) await replacedEmbeddings(model, pixels, states, window);
        freeStates(states);
      },
      async oneByOne() {
        for (const { from, tokens: group } of windows) {
          await model.run(pixels, cascadeGates(model.shape, tokens, from, group));
        }
      },
    },
    rounds,
  );
  await model.release();
  rmSync(dir, { recursive: true });
  const ratio = timings.shared.median / timings.oneByOne.median;
  return [
    `cascaded replacement of ${images} images (mini-clip, m768, ${layers} windows x ${tokenGroups.length} token groups)`,
    `  ${milliseconds(timings.shared)} with the frozen prefix shared, ${milliseconds(timings.oneByOne)} one by one: ratio ${ratio.toFixed(2)} (limit 0.60)`,
  ];
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleTokens } from '../src-main/core/tokens.ts';
import { readClipFolder } from '../src-main/data/clip-folder.ts';
import { VisionTower } from '../src-main/engine/vision-tower.ts';
import { capture } from '../src-main/pipeline/capture.ts';
import { resolveSource } from '../src-main/pipeline/source.ts';
import { shardsDir } from '../src-main/store/project-folder.ts';
import { demoProject, recipeOf, stageContext } from '../src-main/testing/project.ts';
import { sideBySide } from './timing.ts';

const images = 512;
const batchImages = 32;
const rounds = 3;

/** The capture stage, from image files to shards on disk, beside the vision graph alone on ready pixels. */
export async function benchCapture(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'strata-bench-'));
  const project = await demoProject(join(dir, 'project'));
  const recipe = recipeOf({ name: 'bench', capture: { maxImages: images, batchImages } });
  const context = await stageContext(project, recipe);
  const clip = await readClipFolder(resolveSource('embedded:models/mini-clip'));
  const tower = await VisionTower.load(clip, 'cpu');
  const { imageSize, tokens } = clip.vision;
  const pixels = new Float32Array(batchImages * 3 * imageSize ** 2);
  const chosen = Array.from({ length: batchImages }, (_, image) =>
    sampleTokens(tokens, recipe.capture.patchesPerImage, 0, image),
  );
  const timings = await sideBySide(
    {
      async stage() {
        rmSync(shardsDir(project), { recursive: true, force: true });
        await capture.run(context);
      },
      async graph() {
        for (let done = 0; done < images; done += batchImages) await tower.run(pixels, chosen);
      },
    },
    rounds,
  );
  await tower.release();
  await project.close();
  rmSync(dir, { recursive: true });
  const perSecond = (milliseconds: number) => (images / milliseconds) * 1000;
  const [stage, graph] = [perSecond(timings.stage.median), perSecond(timings.graph.median)];
  return [
    `capture of ${images} images (mini-clip, CLS and 16 patches, batches of ${batchImages})`,
    `  ${stage.toFixed(0)} images/s, ${((100 * stage) / graph).toFixed(0)} % of the bare vision graph's ${graph.toFixed(0)} images/s`,
  ];
}

import { chosenImages } from '../store/image-choice.ts';
import { readResult, writeResult } from '../store/results.ts';
import { eachCodeBatch } from './code-batches.ts';
import { FeatureIndexer } from './feature-index.ts';
import { Progress } from './progress.ts';
import { RetrievalIndexer } from './retrieval-indexer.ts';
import { writeSheetQuery } from './retrieval-sheet.ts';
import type { Stage } from './stage.ts';

/**
 * One pass over the training images builds both indices: sparse codes for retrieval (method, section 7) and what every
 * feature responds to (section 8). The test images that query it are passed before. Stopped, it begins anew.
 */
export const indexCodes: Stage = {
  id: 'index',
  title: 'Index images by their codes, and features by their images',

  async run(context) {
    const { project, runId, recipe } = context;
    if ((await readResult(project, runId, 'index', 'retrieval')) !== undefined) return 'reused';
    const started = performance.now();
    const choose = (split: string, maxImages: number | undefined) =>
      chosenImages(
        project,
        recipe.dataset,
        split,
        maxImages === undefined ? undefined : { maxImages, seed: recipe.seed },
      );
    const queries = await choose('test', recipe.index.queries);
    const images = await choose('train', recipe.index.maxImages);
    const retrieval = await RetrievalIndexer.start(context, queries.length, images.length);
    try {
      const features = await FeatureIndexer.start(context, { centreLabels: recipe.index.centreLabels });
      const bar = new Progress(context, 'index', 'images', queries.length + images.length);
      const done = await eachCodeBatch(context, queries, { bar, done: 0 }, async (batch) =>
        retrieval.addQueries(batch),
      );
      await eachCodeBatch(context, images, { bar, done }, async (batch) => {
        features.add(batch);
        await retrieval.add(batch);
      });
      const summary = await features.finish();
      const section = await retrieval.finish();
      await writeSheetQuery(context, queries);
      await writeResult(project, { runId, stage: 'index', key: 'features', section: summary, seconds: 0 });
      const seconds = (performance.now() - started) / 1000;
      await writeResult(project, { runId, stage: 'index', key: 'retrieval', section, seconds });
    } finally {
      await retrieval.release();
    }
    return 'done';
  },
};

import { classLogits } from '../../core/zero-shot.ts';
import { readClipFolder } from '../../data/clip-folder.ts';
import { type FormatId, openImageReader } from '../../data/datasets/index.ts';
import { free } from '../../engine/session.ts';
import { VisionTower } from '../../engine/vision-tower.ts';
import { datasetNamed } from '../../store/datasets.ts';
import type { StoredImage } from '../../store/images.ts';
import { modelNamed } from '../../store/models.ts';
import type { Project } from '../../store/project-folder.ts';
import { imageBatches } from '../image-batches.ts';
import { resolveSource } from '../source.ts';
import { datasetClasses } from '../test-images.ts';

/** A frozen model with a data set's classes. */
export interface ClassifierOf {
  model: string;
  dataset: string;
}

type Classifier = Awaited<ReturnType<typeof load>>;

/** What loading takes longest: kept for the pairs asked for last, the latest at the end. */
const loaded = new Map<string, Promise<Classifier>>();
const pairsKept = 2;
const batchImages = 32;

/** The frozen model's class logits [classes] for images of a data set, by index, in their order. */
export async function* classLogitsOf(
  project: Project,
  pair: ClassifierOf,
  images: readonly number[],
  signal: AbortSignal,
): AsyncGenerator<{ image: StoredImage; logits: Float32Array }> {
  const { clip, tower, classes, stored } = await classifierFor(project, pair);
  const reader = await openImageReader(resolveSource(stored.source), stored.format as FormatId);
  try {
    const inputs = { project, name: stored.name, reader, preprocess: clip.preprocess };
    for await (const batch of imageBatches(inputs, images, batchImages, signal)) {
      const { embeddings, taps } = await tower.run(
        batch.pixels,
        batch.images.map(() => [0]),
      );
      free(batch.pixels);
      free(taps);
      const width = clip.projectionDim;
      for (const [at, image] of batch.images.entries()) {
        const embedding = embeddings.subarray(at * width, (at + 1) * width);
        yield { image, logits: classLogits(embedding, classes, Math.exp(clip.logitScale)) };
      }
    }
  } finally {
    await reader.close();
  }
}

function classifierFor(project: Project, { model, dataset }: ClassifierOf): Promise<Classifier> {
  const key = JSON.stringify([project.dir, model, dataset]);
  const classifier = loaded.get(key) ?? load(project, model, dataset);
  loaded.delete(key);
  loaded.set(key, classifier);
  classifier.catch(() => loaded.delete(key));
  for (const [oldest, before] of loaded) {
    if (loaded.size <= pairsKept) break;
    loaded.delete(oldest);
    // Questions are answered one by one: nobody is using it.
    void before.then(({ tower }) => tower.release());
  }
  return classifier;
}

async function load(project: Project, model: string, dataset: string) {
  const stored = await datasetNamed(project, dataset);
  const clip = await readClipFolder(resolveSource((await modelNamed(project, model)).source));
  const classes = await datasetClasses(clip, stored, 'cpu');
  return { stored, clip, classes, tower: await VisionTower.load(clip, 'cpu') };
}

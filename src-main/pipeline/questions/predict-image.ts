import { classLogits } from '../../core/zero-shot.ts';
import { readClipFolder } from '../../data/clip-folder.ts';
import { type FormatId, openImageReader } from '../../data/datasets/index.ts';
import { free } from '../../engine/session.ts';
import { VisionTower } from '../../engine/vision-tower.ts';
import { datasetNamed } from '../../store/datasets.ts';
import { modelNamed } from '../../store/models.ts';
import type { Project } from '../../store/project-folder.ts';
import { imageBatches } from '../image-batches.ts';
import { resolveSource } from '../source.ts';
import { datasetClasses } from '../test-images.ts';

export interface Prediction {
  /** The five best classes, best first. */
  top: { classIndex: number; probability: number }[];
}

/** What loading takes longest: kept while the same model and data set are asked for. */
let loaded: { key: string; classifier: Promise<Classifier> } | undefined;

type Classifier = Awaited<ReturnType<typeof load>>;

/** The frozen model's zero-shot prediction for an image of a data set, by its index. */
export async function predictImage(
  project: Project,
  input: { model: string; dataset: string; image: number },
  signal: AbortSignal,
): Promise<Prediction> {
  const { clip, tower, classes, stored } = await classifierFor(project, input);
  const reader = await openImageReader(resolveSource(stored.source), stored.format as FormatId);
  try {
    const inputs = { project, name: stored.name, reader, preprocess: clip.preprocess };
    for await (const { pixels } of imageBatches(inputs, [input.image], 1, signal)) {
      const { embeddings } = await tower.run(pixels, [[0]]);
      free(pixels);
      return { top: best(classLogits(embeddings, classes, Math.exp(clip.logitScale)), 5) };
    }
    throw new Error(`data set ${stored.name} has no image ${input.image}`);
  } finally {
    await reader.close();
  }
}

async function classifierFor(
  project: Project,
  { model, dataset }: { model: string; dataset: string },
): Promise<Classifier> {
  const key = JSON.stringify([project.dir, model, dataset]);
  if (loaded?.key !== key) {
    const before = loaded;
    loaded = { key, classifier: load(project, model, dataset) };
    await (await before?.classifier.catch(() => undefined))?.tower.release();
  }
  return loaded.classifier.catch((error: unknown) => {
    if (loaded?.key === key) loaded = undefined;
    throw error;
  });
}

async function load(project: Project, model: string, dataset: string) {
  const stored = await datasetNamed(project, dataset);
  const clip = await readClipFolder(resolveSource((await modelNamed(project, model)).source));
  return {
    stored,
    clip,
    classes: await datasetClasses(clip, stored, 'cpu'),
    tower: await VisionTower.load(clip, 'cpu'),
  };
}

/** Softmax probabilities of the k best classes; the lower index first where they tie. */
function best(logits: Float32Array, k: number): Prediction['top'] {
  const highest = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
  const order = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a] || a - b);
  return order.slice(0, k).map((classIndex) => ({
    classIndex,
    probability: Math.exp(logits[classIndex] - highest) / total,
  }));
}

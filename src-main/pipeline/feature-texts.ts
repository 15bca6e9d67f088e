import { classEmbeddings } from '../core/zero-shot.ts';
import type { ClipFolder } from '../data/clip-folder.ts';
import type { Provider } from '../engine/session.ts';
import type { StoredDataset } from '../store/datasets.ts';
import { datasetClasses, embedTexts } from './test-images.ts';

/** What may label a feature. */
export interface FeatureTexts {
  texts: string[];
  /** [texts, p], each of length 1. */
  embeddings: Float32Array;
}

/**
 * The classes of a data set, by their prompts, and after them the words of a vocabulary, by the data set's prompt
 * templates (method, sections 6 and 8). A word that is a class's name, or there twice, counts once.
 */
export async function featureTexts(
  clip: ClipFolder,
  dataset: StoredDataset,
  vocabulary: readonly string[],
  provider: Provider,
): Promise<FeatureTexts> {
  const classes = await datasetClasses(clip, dataset, provider);
  const texts = dataset.classes.map(({ name }) => name);
  const known = new Set(texts.map((text) => text.toLowerCase()));
  const words = vocabulary.filter((word) => {
    const isNew = !known.has(word.toLowerCase());
    known.add(word.toLowerCase());
    return isNew;
  });
  if (words.length === 0) return { texts, embeddings: classes };
  const { promptTemplates } = dataset;
  const prompts = words.flatMap((word) => promptTemplates.map((template) => template.replaceAll('{}', () => word)));
  const counts = words.map(() => promptTemplates.length);
  const own = classEmbeddings(await embedTexts(clip, prompts, provider), clip.projectionDim, counts);
  const embeddings = new Float32Array(classes.length + own.length);
  embeddings.set(classes);
  embeddings.set(own, classes.length);
  return { texts: [...texts, ...words], embeddings };
}

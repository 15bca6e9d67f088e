import { topKIndices } from '../../core/top-k.ts';
import { rankOf } from '../../core/zero-shot.ts';
import type { Project } from '../../store/project-folder.ts';
import { type ClassifierOf, classLogitsOf } from './classifier.ts';

/** One image's zero-shot outcome: its class, the class predicted, and the place of its own among all, 0 for the best. */
export interface Classified {
  index: number;
  classIndex: number;
  predicted: number;
  rank: number;
}

/** The frozen model's zero-shot outcome for images of a data set, by index, in their order. */
export async function classifyImages(
  project: Project,
  { images, ...pair }: ClassifierOf & { images: number[] },
  signal: AbortSignal,
): Promise<Classified[]> {
  const outcomes: Classified[] = [];
  for await (const { image, logits } of classLogitsOf(project, pair, images, signal)) {
    const { index, classIndex } = image;
    outcomes.push({ index, classIndex, predicted: topKIndices(logits, 1)[0], rank: rankOf(logits, classIndex) });
  }
  return outcomes;
}

import type { Project } from '../../store/project-folder.ts';
import { type ClassifierOf, classLogitsOf } from './classifier.ts';

export interface Prediction {
  /** The five best classes, best first. */
  top: { classIndex: number; probability: number }[];
}

/** The frozen model's zero-shot prediction for an image of a data set, by its index. */
export async function predictImage(
  project: Project,
  { image, ...pair }: ClassifierOf & { image: number },
  signal: AbortSignal,
): Promise<Prediction> {
  for await (const { logits } of classLogitsOf(project, pair, [image], signal)) return { top: best(logits, 5) };
  throw new Error(`data set ${pair.dataset} has no image ${image}`);
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

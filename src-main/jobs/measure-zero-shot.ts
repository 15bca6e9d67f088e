import { StrataError } from '../contract/errors.ts';
import type { Classified } from '../pipeline/questions/classify-images.ts';
import { writeZeroShot, zeroShotAccuracy } from '../pipeline/zero-shot-file.ts';
import { datasetNamed } from '../store/datasets.ts';
import { chosenImages } from '../store/image-choice.ts';
import { modelNamed } from '../store/models.ts';
import type { Project } from '../store/project-folder.ts';
import type { Report } from './activities.ts';
import type { EngineService } from './engine-service.ts';

/** Few enough that a question of a window waits for about a second at most. */
const imagesPerQuestion = 32;

/**
 * Classifies a data set's whole test split by the frozen model and keeps the outcome in the project. In many small
 * questions, between which the engine answers others.
 */
export async function measureZeroShot(
  project: Project,
  engine: EngineService,
  pair: { model: string; dataset: string },
  report: Report,
  signal: AbortSignal,
): Promise<string> {
  const model = await modelNamed(project, pair.model);
  const dataset = await datasetNamed(project, pair.dataset);
  const images = await chosenImages(project, dataset.name, 'test');
  const total = images.length;
  if (total === 0) {
    throw new StrataError('DATASET_INVALID', `data set ${dataset.name} has no test images; add one with a test split`);
  }
  const outcomes: Classified[] = [];
  report({ done: 0, total });
  while (outcomes.length < total) {
    const next = Array.from(images.subarray(outcomes.length, outcomes.length + imagesPerQuestion));
    outcomes.push(...(await engine.ask('classifyImages', { ...pair, images: next }, signal)));
    signal.throwIfAborted();
    report({ done: outcomes.length, total });
  }
  await writeZeroShot(project, { model, dataset }, outcomes);
  const { top1 } = zeroShotAccuracy({ rank: outcomes.map(({ rank }) => rank) });
  return `Top-1 is ${(100 * top1).toFixed(1)} % of ${total.toLocaleString('en')} images.`;
}

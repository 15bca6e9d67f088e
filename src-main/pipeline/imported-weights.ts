import { z } from 'zod';
import type { CltShape } from '../core/clt-shape.ts';
import { readResult, type StageResult } from '../store/results.ts';
import type { StageContext } from './stage.ts';

/** What `strata import` did. */
export interface ImportedClt {
  runId: string;
  /** restored: a run that was exported, with its results; imported: weights to be measured; present: nothing to do. */
  state: 'restored' | 'imported' | 'present';
  sparsifier: string;
  /** What the person should know, in sentences. */
  notes: string[];
}

/** What stands for the training of weights that `strata import` brought: `train` then finds its work done. */
export function importedTraining(runId: string, shape: CltShape, seconds: number): StageResult {
  return { runId, stage: 'train', key: 'training', section: { imported: true, shape }, seconds };
}

/** Whether the run's weights were brought by `strata import`. */
export async function hasImportedWeights({
  project,
  runId,
}: Pick<StageContext, 'project' | 'runId'>): Promise<boolean> {
  const training = await readResult(project, runId, 'train', 'training');
  return z.object({ imported: z.literal(true) }).safeParse(training).success;
}

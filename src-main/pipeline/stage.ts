import type { JobEvent } from '../contract/events.ts';
import type { Recipe } from '../contract/recipe.ts';
import type { Project } from '../store/project-folder.ts';

/** What a stage is given: the run it works for, and where it reports. */
export interface StageContext {
  project: Project;
  runId: string;
  recipe: Recipe;
  /** Checked between batches; an abort is never an error. */
  signal: AbortSignal;
  emit(event: JobEvent): void;
}

/**
 * One step of the pipeline. Running a stage whose result is there must do nothing but find that out; running it after
 * a kill must go on from what is on disk.
 */
export interface Stage {
  id: string;
  title: string;
  /** Resolves to whether there was anything to do. */
  run(context: StageContext): Promise<'done' | 'reused'>;
}

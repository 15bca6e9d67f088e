import type { Recipe } from '../contract/recipe.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Project } from './project-folder.ts';
import type { StageResult } from './results.ts';
import type { StoredRun } from './runs.ts';
import type { RunTable } from './tables.ts';

/**
 * Records a run with results that were reached elsewhere, in the order given, all or nothing: `check` sees the run before
 * it is there for good and may throw to undo it. The project has the model and the data set that the recipe names.
 */
export function recordImportedRun(
  project: Project,
  identity: Pick<StoredRun, 'id' | 'recipeHash'>,
  recipe: Recipe,
  results: readonly StageResult[],
  check: (project: Project) => Promise<void> = async () => undefined,
): Promise<void> {
  return project.db.transaction().execute(async (db) => {
    const now = Date.now();
    const run: RunTable = {
      ...identity,
      name: recipe.name,
      recipe: JSON.stringify(recipe),
      model: recipe.model,
      dataset: recipe.dataset,
      createdAt: new Date(now).toISOString(),
    };
    await db
      .insertInto('runs')
      .values(run)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const rows = results.map(({ section, ...result }, at) => ({
      ...result,
      section: canonicalJson(section),
      // Results are read back in the order of their times.
      createdAt: new Date(now + at).toISOString(),
    }));
    await db
      .insertInto('results')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await check({ ...project, db });
  });
}

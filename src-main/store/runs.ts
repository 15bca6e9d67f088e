import { StrataError } from '../contract/errors.ts';
import { type Recipe, recipeSchema } from '../contract/recipe.ts';
import { datasetNamed } from './datasets.ts';
import { modelNamed } from './models.ts';
import type { Project } from './project-folder.ts';
import { recipeHash } from './recipe-hash.ts';
import type { RunTable } from './tables.ts';

/** A recipe applied to the model and data set it names. The same three always give the same run. */
export interface StoredRun {
  /** The recipe's name and the beginning of its hash; also the name of the run's folder. */
  id: string;
  name: string;
  recipe: Recipe;
  recipeHash: string;
  model: string;
  dataset: string;
  createdAt: string;
}

/** The run of this recipe, made if it is new. NOT_FOUND when the project lacks its model or data set. */
export async function runOf(project: Project, recipe: Recipe): Promise<StoredRun> {
  const model = await modelNamed(project, recipe.model);
  const dataset = await datasetNamed(project, recipe.dataset);
  const row: RunTable = {
    ...runIdentity(recipe, model.sha256, dataset.sha256),
    name: recipe.name,
    recipe: JSON.stringify(recipe),
    model: model.name,
    dataset: dataset.name,
    createdAt: new Date().toISOString(),
  };
  await project.db
    .insertInto('runs')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return runById(project, row.id);
}

/** What a run is told by: the hash of all it depends on, and its id, which begins with the recipe's name. */
export function runIdentity(
  recipe: Recipe,
  modelSha256: string,
  datasetSha256: string,
): Pick<StoredRun, 'id' | 'recipeHash'> {
  const hash = recipeHash(recipe, modelSha256, datasetSha256);
  return { id: `${recipe.name}-${hash.slice(0, 10)}`, recipeHash: hash };
}

/** NOT_FOUND when there is no such run. */
export async function runById(project: Project, runId: string): Promise<StoredRun> {
  const row = await project.db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirst();
  if (row === undefined) throw new StrataError('NOT_FOUND', `${project.dir} has no run ${runId}`);
  return toRun(row);
}

/** The run of this id, or else the newest whose recipe has this name. NOT_FOUND, listing what there is. */
export async function runNamed(project: Project, idOrName: string): Promise<StoredRun> {
  const runs = await listRuns(project);
  const run = runs.find(({ id }) => id === idOrName) ?? runs.findLast(({ name }) => name === idOrName);
  if (run !== undefined) return run;
  const known = runs.map(({ id }) => id).join(', ') || 'none yet';
  throw new StrataError('NOT_FOUND', `${project.dir} has no run ${idOrName} (it has: ${known})`);
}

/** Oldest first. */
export async function listRuns(project: Project): Promise<StoredRun[]> {
  const query = project.db.selectFrom('runs').selectAll().orderBy('createdAt').orderBy('id');
  return (await query.execute()).map(toRun);
}

function toRun(row: RunTable): StoredRun {
  return { ...row, recipe: recipeSchema.parse(JSON.parse(row.recipe)) };
}

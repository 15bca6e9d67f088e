import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { StrataError } from '../../../contract/errors.ts';
import type { Recipe } from '../../../contract/recipe.ts';
import { parseRecipes } from '../../../contract/recipe-file.ts';
import { openProject } from '../../../store/project.ts';
import type { Project } from '../../../store/project-folder.ts';
import { listRuns, runOf, type StoredRun } from '../../../store/runs.ts';
import { carryOutRun } from '../carry-out.ts';
import { carryOutGrid } from '../carry-out-grid.ts';
import { catchInterrupts } from '../interrupt.ts';
import { answerRun, type OutputOptions } from '../output.ts';
import { progressView } from '../progress-view.ts';

/** Carries out a recipe in a project, every run of a recipe that lists values, or a run that the project has. */
export async function run(
  recipeOrRun: string,
  { project: dir, json }: OutputOptions & { project: string },
): Promise<void> {
  const recipes = existsSync(recipeOrRun) ? await readRecipes(recipeOrRun) : [];
  const project = await openProject(dir);
  const view = progressView(json === true);
  const interrupt = catchInterrupts();
  const again = `strata run ${recipeOrRun} --project ${dir}`;
  try {
    if (recipes.length > 1) {
      await carryOutGrid(project, recipes, { json }, interrupt, again);
    } else {
      const [recipe] = recipes;
      const chosen = recipe ? await runOf(project, recipe) : await runOfProject(project, recipeOrRun);
      answerRun({ json }, project, await carryOutRun(project, chosen, view, interrupt, again));
    }
  } finally {
    view.close();
    await project.close();
  }
}

async function readRecipes(file: string): Promise<Recipe[]> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new StrataError('NOT_FOUND', `${file} cannot be read as a recipe: ${cause.message}`, { cause });
  });
  return parseRecipes(text, file);
}

async function runOfProject(project: Project, id: string): Promise<StoredRun> {
  const runs = await listRuns(project);
  const found = runs.find((other) => other.id === id);
  if (found) return found;
  const known = runs.map((other) => other.id).join(', ') || 'no runs';
  const message = `${id} is neither a recipe file nor a run of ${project.dir} (it has: ${known})`;
  throw new StrataError('NOT_FOUND', message);
}

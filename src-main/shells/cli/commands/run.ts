import { readFile } from 'node:fs/promises';
import { StrataError } from '../../../contract/errors.ts';
import { parseRecipe } from '../../../contract/recipe-file.ts';
import { openProject } from '../../../store/project.ts';
import { carryOut } from '../carry-out.ts';
import { catchInterrupts } from '../interrupt.ts';
import { answerRun, type OutputOptions } from '../output.ts';
import { progressView } from '../progress-view.ts';

/** Carries out a recipe in a project. */
export async function run(
  recipeFile: string,
  { project: dir, json }: OutputOptions & { project: string },
): Promise<void> {
  const text = await readFile(recipeFile, 'utf8').catch((cause: Error) => {
    throw new StrataError('NOT_FOUND', `${recipeFile} cannot be read as a recipe: ${cause.message}`, { cause });
  });
  const recipe = parseRecipe(text, recipeFile);
  const project = await openProject(dir);
  const view = progressView(json === true);
  const interrupt = catchInterrupts();
  try {
    const again = `strata run ${recipeFile} --project ${dir}`;
    answerRun({ json }, project, await carryOut(project, recipe, view, interrupt, again));
  } finally {
    view.close();
    await project.close();
  }
}

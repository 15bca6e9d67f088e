import { StrataError } from '../../contract/errors.ts';
import { recipeFields } from '../../contract/recipe-fields.ts';
import { deleteRuns, freedByDeleting } from '../../store/delete-run.ts';
import { resultsDocument } from '../../store/results.ts';
import { listRunNotes, writeRunNotes } from '../../store/run-notes.ts';
import { listRuns, runById, runOf } from '../../store/runs.ts';
import { answer, openedProject } from './answer.ts';
import { checkRecipeText, recipeTemplates, recipeText } from './recipe-texts.ts';

export const runsRouter = {
  results: answer.runs.results.handler(async ({ context, input }) =>
    resultsDocument(await openedProject(context), input.runId),
  ),
  details: answer.runs.details.handler(async ({ context }) => {
    const project = await openedProject(context);
    const notes = await listRunNotes(project);
    const runs = (await listRuns(project)).reverse();
    return runs.map(({ id, recipe }) => ({ id, recipe, ...(notes.get(id) ?? { tags: [], note: '' }) }));
  }),
  annotate: answer.runs.annotate.handler(async ({ context, input: { runId, ...notes } }) =>
    writeRunNotes(await openedProject(context), runId, notes),
  ),
  freed: answer.runs.freed.handler(async ({ context, input }) =>
    freedByDeleting(await openedProject(context), input.runIds),
  ),
  delete: answer.runs.delete.handler(async ({ context, input }) =>
    deleteRuns(await openedProject(context), input.runIds),
  ),
  fields: answer.runs.fields.handler(recipeFields),
  templates: answer.runs.templates.handler(recipeTemplates),
  recipe: answer.runs.recipe.handler(async ({ context, input }) => {
    const { recipe } = await runById(await openedProject(context), input.runId);
    return { yaml: recipeText(recipe) };
  }),
  check: answer.runs.check.handler(async ({ context, input }) => {
    const { problems, runs } = await checkRecipeText(await openedProject(context), input.yaml);
    return { problems, runs };
  }),
  create: answer.runs.create.handler(async ({ context, input }) => {
    const project = await openedProject(context);
    const { recipes, problems } = await checkRecipeText(project, input.yaml);
    if (problems.length > 0) {
      const listed = problems.map(({ line, key, message }) => `line ${line}: ${key ? `${key}: ` : ''}${message}`);
      throw new StrataError('RECIPE_INVALID', listed.join('\n'));
    }
    const runIds: string[] = [];
    for (const recipe of recipes) runIds.push((await runOf(project, recipe)).id);
    return { runIds };
  }),
};

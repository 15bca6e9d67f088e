import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isScalar, parseDocument, stringify } from 'yaml';
import type { Recipe } from '../../contract/recipe.ts';
import { checkRecipe, type RecipeProblem } from '../../contract/recipe-check.ts';
import type { RecipeCheck, RecipeTemplate } from '../../contract/rpc/runs.ts';
import { resolveSource } from '../../pipeline/source.ts';
import { listDatasets } from '../../store/datasets.ts';
import { listModels } from '../../store/models.ts';
import type { Project } from '../../store/project-folder.ts';
import { listRuns, runIdentity } from '../../store/runs.ts';

/** The recipes that come with Strata: the demos first, then by name. `summary` is their first sentence. */
export async function recipeTemplates(): Promise<RecipeTemplate[]> {
  const dir = resolveSource('embedded:recipes');
  const files = (await readdir(dir)).filter((file) => file.endsWith('.yaml'));
  const names = files.map((file) => basename(file, '.yaml')).sort();
  const demo = (name: string) => name.startsWith('demo');
  const ordered = [...names.filter(demo), ...names.filter((name) => !demo(name))];
  return Promise.all(
    ordered.map(async (name) => {
      const yaml = await readFile(join(dir, `${name}.yaml`), 'utf8');
      return { name, summary: firstSentence(yaml), yaml };
    }),
  );
}

/** Of the comment with which a text begins; empty without one. */
function firstSentence(yaml: string): string {
  const comment = /^(#.*\n)+/.exec(yaml)?.[0].replaceAll(/^# ?/gm, '').replaceAll('\n', ' ') ?? '';
  return /^.*?\.(?= |$)/.exec(comment)?.[0] ?? comment.trim();
}

/** The text of a recipe with every key; without the mark of imported weights, which no new run can have. */
export function recipeText({ imported: _, ...recipe }: Recipe): string {
  return stringify(recipe);
}

/** What is wrong with a text, or which runs of the project it stands for. */
export async function checkRecipeText(project: Project, yaml: string): Promise<RecipeCheck & { recipes: Recipe[] }> {
  const { recipes, problems } = checkRecipe(yaml);
  const [models, datasets] = await Promise.all([listModels(project), listDatasets(project)]);
  const runs = await listRuns(project);
  const known = new Set(runs.map(({ id }) => id));
  const missing = [
    ...unknownNames(yaml, 'model', recipes, models),
    ...unknownNames(yaml, 'dataset', recipes, datasets),
  ];
  const found = recipes.flatMap((recipe) => {
    const model = models.find(({ name }) => name === recipe.model);
    const dataset = datasets.find(({ name }) => name === recipe.dataset);
    if (!model || !dataset) return [];
    const { id } = runIdentity(recipe, model.sha256, dataset.sha256);
    return [{ id, name: recipe.name, exists: known.has(id) }];
  });
  const all = [...problems, ...missing].sort((a, b) => a.line - b.line || a.column - b.column);
  return { problems: all, runs: missing.length > 0 ? [] : found, recipes };
}

/** A model or data set that the project lacks is a mistake like any other, at its line. */
function unknownNames(
  yaml: string,
  key: 'model' | 'dataset',
  recipes: readonly Recipe[],
  known: readonly { name: string }[],
): RecipeProblem[] {
  const names = known.map(({ name }) => name);
  const node: unknown = parseDocument(yaml).get(key, true);
  // With other mistakes in it the text is no recipe yet, but may name one of these all the same.
  const named = recipes.length > 0 ? recipes.map((recipe) => recipe[key]) : isScalar(node) ? [String(node.value)] : [];
  const unknown = named.find((name) => !names.includes(name));
  if (unknown === undefined) return [];
  const offset = typeof node === 'object' && node && 'range' in node && Array.isArray(node.range) ? node.range[0] : 0;
  const before = yaml.slice(0, offset).split('\n');
  const what = key === 'model' ? 'model' : 'data set';
  const message = `'${unknown}' is no ${what} of this project (it has: ${names.join(', ') || 'none yet'})`;
  return [{ line: before.length, column: (before.at(-1) ?? '').length + 1, key, message }];
}

import { fileURLToPath } from 'node:url';
import type { JobEvent } from '../contract/events.ts';
import { type Recipe, recipeSchema } from '../contract/recipe.ts';
import { importImages } from '../pipeline/import-dataset.ts';
import { importModel } from '../pipeline/import-model.ts';
import type { StageContext } from '../pipeline/stage.ts';
import { createProject } from '../store/project.ts';
import type { Project } from '../store/project-folder.ts';
import { runOf } from '../store/runs.ts';

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A project in `dir` with the embedded model and data set, `mini-clip` and `emoji`. */
export async function demoProject(dir: string): Promise<Project> {
  const project = await createProject(dir);
  await importModel(project, root('models/mini-clip'), { name: 'mini-clip' });
  await importImages(project, root('resources/emoji/emoji-10665.tar'), { name: 'emoji' });
  return project;
}

/** A recipe from a few keys; the rest are the defaults. */
export function recipeOf(keys: Record<string, unknown>): Recipe {
  return recipeSchema.parse({ name: 'test', ...keys });
}

/** What a stage is given, with its events kept in `events`. */
export async function stageContext(
  project: Project,
  recipe: Recipe,
  signal: AbortSignal = new AbortController().signal,
): Promise<StageContext & { events: JobEvent[] }> {
  const events: JobEvent[] = [];
  const { id } = await runOf(project, recipe);
  return { project, runId: id, recipe, signal, events, emit: (event) => events.push(event) };
}

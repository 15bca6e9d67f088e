import { z } from 'zod';
import { recipeSchema } from '../recipe.ts';
import { recipeProblemSchema } from '../recipe-check.ts';
import { recipeFieldSchema } from '../recipe-fields.ts';
import { resultsSchema } from '../results.ts';
import { procedure } from './procedure.ts';

const runId = z.object({ runId: z.string() });
const runIds = z.object({ runIds: z.array(z.string()).min(1) });
const yaml = z.object({ yaml: z.string().max(100_000) });

/** What a person says about a run. */
const notes = z.object({ tags: z.array(z.string().trim().min(1).max(40)).max(20), note: z.string().max(10_000) });

const runDetails = notes.extend({ id: z.string(), recipe: recipeSchema });
export type RunDetails = z.infer<typeof runDetails>;

/** Bytes that deleting runs gives back: of their own folders, and of shards that no other run was trained on. */
const freed = z.object({ runs: z.number().min(0), shards: z.number().min(0) });

const recipeCheck = z.object({
  problems: z.array(recipeProblemSchema),
  /** The runs that the recipe stands for, in the order in which they are carried out; `exists`: the project has it. */
  runs: z.array(z.object({ id: z.string(), name: z.string(), exists: z.boolean() })),
});
export type RecipeCheck = z.infer<typeof recipeCheck>;

const template = z.object({ name: z.string(), summary: z.string(), yaml: z.string() });
export type RecipeTemplate = z.infer<typeof template>;

export const runsContract = {
  /** The results document. */
  results: procedure.input(runId).output(resultsSchema),
  /** Recipe and notes of every run, newest first. */
  details: procedure.output(z.array(runDetails)),
  /** Replaces a run's tags and note. */
  annotate: procedure.input(runId.extend(notes.shape)).output(z.void()),
  /** What deleting these runs would free. */
  freed: procedure.input(runIds).output(freed),
  /** Deletes runs for good; ALREADY_EXISTS, and nothing deleted, when a job is at one of them. */
  delete: procedure.input(runIds).output(freed),
  /** The fields of a recipe, for a form. */
  fields: procedure.output(z.array(recipeFieldSchema)),
  /** The recipes that come with Strata. */
  templates: procedure.output(z.array(template)),
  /** A run's whole recipe, as text to show or to begin another one from. */
  recipe: procedure.input(runId).output(yaml),
  /** What is wrong with a recipe's text, or which runs it stands for. */
  check: procedure.input(yaml).output(recipeCheck),
  /** Makes the recipe's runs, or finds them, and gives their ids. RECIPE_INVALID with all mistakes. */
  create: procedure.input(yaml).output(runIds),
};

import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { activitySchema } from '../activity.ts';
import { jobStates } from '../job.ts';
import { preflightSchema, probeSchema } from '../preflight.ts';
import { recipeSchema } from '../recipe.ts';
import { procedure } from './procedure.ts';

/** What a list of runs shows; the rest of a run is in its results document. */
const runSummary = z.object({
  id: z.string(),
  name: z.string(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  model: z.string(),
  dataset: z.string(),
  sparsifier: z.string(),
  seed: z.int(),
  /** The state of the run's latest job; `new` before the first. */
  state: z.enum(['new', ...jobStates]),
  /** The run's latest job; null before the first. */
  jobId: z.string().nullable(),
  /** Why the latest job failed. */
  error: z.string().nullable(),
  /** Null until the run is measured: means over layers, all tokens, and the frozen model's top-1. */
  measured: z.object({ cosine: z.number(), r2: z.number(), l0: z.number(), top1: z.number() }).nullable(),
});
export type RunSummary = z.infer<typeof runSummary>;

const projectSummary = z.object({
  /** The absolute path of the project folder. */
  dir: z.string(),
  /** The folder's name. */
  name: z.string(),
  models: z.array(z.string()),
  datasets: z.array(z.string()),
  /** Newest first. */
  runs: z.array(runSummary),
});
export type ProjectSummary = z.infer<typeof projectSummary>;

const place = z.object({ dir: z.string().min(1) });
const recipe = z.object({ recipe: recipeSchema });

export const projectContract = {
  /** Null while no project is open. */
  summary: procedure.output(projectSummary.nullable()),
  /** Opens the project in a folder, for every window of this process. */
  open: procedure.input(place).output(projectSummary),
  /** Makes a project in a new or empty folder and opens it; `sample` begins to add the embedded model and images. */
  create: procedure.input(place.extend({ sample: z.boolean().default(false) })).output(projectSummary),
  /** New folders to propose for a project: none of them exists yet. */
  places: procedure.output(z.object({ sample: z.string(), project: z.string() })),
  /** Says 0 at once, then counts up whenever the project, or which one is open, has changed. */
  changes: procedure.output(eventIterator(z.int())),
  /** What this process does for the open project beside jobs: imports and measurements. All of it whenever it changes. */
  activities: procedure.output(eventIterator(z.array(activitySchema))),
  /** Stops an activity that runs; forgets one that has ended. */
  endActivity: procedure.input(z.object({ id: z.string() })).output(z.void()),
  /** What a recipe would need, from its numbers alone. */
  preflight: procedure.input(recipe).output(preflightSchema),
  /** How long it would take, from about five seconds of its real work. */
  probe: procedure.input(recipe).output(probeSchema),
};

import { StrataError } from '../contract/errors.ts';
import { type Results, resultSections, resultsSchema } from '../contract/results.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { datasetNamed } from './datasets.ts';
import { countImages } from './images.ts';
import { modelNamed } from './models.ts';
import type { Project } from './project-folder.ts';
import { runById } from './runs.ts';

export interface StageResult {
  runId: string;
  stage: string;
  /** A section of the results document, or a stage's own summary that stays out of it. */
  key: string;
  section: unknown;
  /** What it took; a stage's seconds are those of all its results together. */
  seconds: number;
}

/**
 * Stores a stage's result, once: writing the same again changes nothing, writing another in its place is a bug and
 * throws. A section of the results document is checked against its schema.
 */
export async function writeResult(project: Project, { section, ...result }: StageResult): Promise<void> {
  const checked = isSection(result.key) ? resultSections[result.key].parse(section) : section;
  const text = canonicalJson(checked);
  await project.db
    .insertInto('results')
    .values({ ...result, section: text, createdAt: new Date().toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const stored = await selectResult(project, result.runId, result.stage, result.key);
  if (stored !== text) {
    throw new Error(
      `result ${result.key} of stage ${result.stage} of run ${result.runId} is written already and differs`,
    );
  }
}

/** A stage's result as it was written, to be parsed by the stage that knows its shape; undefined when there is none. */
export async function readResult(project: Project, runId: string, stage: string, key: string): Promise<unknown> {
  const text = await selectResult(project, runId, stage, key);
  return text === undefined ? undefined : JSON.parse(text);
}

/** Runs of which something was measured. */
export async function measuredRuns(project: Project): Promise<Set<string>> {
  const rows = await project.db.selectFrom('results').select('runId').distinct().execute();
  return new Set(rows.map(({ runId }) => runId));
}

/** The run's results document, checked against its schema. NOT_FOUND while the run has not been carried out. */
export async function resultsDocument(project: Project, runId: string): Promise<Results> {
  const run = await runById(project, runId);
  const model = await modelNamed(project, run.model);
  const dataset = await datasetNamed(project, run.dataset);
  const images = await countImages(project, run.dataset);
  const rows = await project.db
    .selectFrom('results')
    .selectAll()
    .where('runId', '=', runId)
    .orderBy('createdAt')
    .execute();
  const sections = rows.filter(({ key }) => isSection(key)).map(({ key, section }) => [key, JSON.parse(section)]);
  const timings: Record<string, number> = {};
  for (const { stage, seconds } of rows) timings[stage] = (timings[stage] ?? 0) + seconds;
  const document = resultsSchema.safeParse({
    schemaVersion: 1,
    run: {
      id: run.id,
      config: run.recipe,
      seed: run.recipe.seed,
      model: { name: model.name, sha256: model.sha256 },
      dataset: { name: dataset.name, sha256: dataset.sha256, train: images.train ?? 0, test: images.test ?? 0 },
    },
    ...Object.fromEntries(sections),
    timings,
  });
  if (document.success) return document.data;
  const missing = document.error.issues.map(({ path }) => path.join('.')).join(', ');
  const message = `run ${runId} has no complete results yet (missing or unusable: ${missing}); run its recipe again`;
  throw new StrataError('NOT_FOUND', message, { cause: document.error });
}

async function selectResult(project: Project, runId: string, stage: string, key: string): Promise<string | undefined> {
  const query = project.db.selectFrom('results').select('section').where('runId', '=', runId);
  return (await query.where('stage', '=', stage).where('key', '=', key).executeTakeFirst())?.section;
}

function isSection(key: string): key is keyof typeof resultSections {
  return Object.hasOwn(resultSections, key);
}

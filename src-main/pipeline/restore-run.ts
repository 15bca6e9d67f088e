import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isStrataError, StrataError } from '../contract/errors.ts';
import { slug } from '../contract/recipe.ts';
import { type Results, resultsSchema } from '../contract/results.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { cltHash } from '../data/clt-copy.ts';
import { type CltFolder, readCltFolder } from '../data/clt-folder.ts';
import { hashFile } from '../data/hash.ts';
import { readJsonFile } from '../data/json-file.ts';
import { findDataset } from '../store/datasets.ts';
import { recordImportedRun } from '../store/imported-runs.ts';
import { findModel } from '../store/models.ts';
import { type Project, runDir } from '../store/project-folder.ts';
import { resultsDocument } from '../store/results.ts';
import { listRuns, runIdentity, type StoredRun } from '../store/runs.ts';
import { runFigures } from './export-run.ts';
import type { ImportedClt } from './imported-weights.ts';
import { runShape } from './inputs.ts';
import { stageClt } from './place-clt.ts';
import { restoredResults } from './restored-results.ts';
import { writeResultsFile } from './results-file.ts';

/**
 * Makes the run again that an export came from: same id, recipe, weights, results and figures. FILE_INVALID when the
 * parts of the export do not belong together; else as importClt.
 */
export async function restoreRun(project: Project, dir: string, signal?: AbortSignal): Promise<ImportedClt> {
  const path = join(dir, 'results.json');
  const results = await readJsonFile(path, resultsSchema, 'FILE_INVALID');
  const folder = await readCltFolder(join(dir, 'clt'));
  const { id, config } = results.run;
  // The id becomes the name of a folder.
  if (!slug.safeParse(id).success)
    throw new StrataError('FILE_INVALID', `${path}: run.id: '${id}' is no name of a run`);
  await checkInputs(project, results);
  await checkWeights(path, results, folder, signal);
  const done = { runId: id, sparsifier: folder.shape.sparsifier.kind, notes: [] };
  if ((await listRuns(project)).some((run) => run.id === id)) {
    await checkSame(project, results, folder, signal);
    return { ...done, state: 'present' };
  }
  const staged = await stageClt(project, folder, signal);
  const [own, figures] = [runDir(project, id), runFigures(project, id)];
  try {
    await staged.moveTo(id);
    await rm(figures, { recursive: true, force: true });
    if (existsSync(join(dir, 'figures'))) await cp(join(dir, 'figures'), figures, { recursive: true });
    await recordImportedRun(
      project,
      identityOf(results),
      config,
      restoredResults(results, folder.shape),
      async (inside) => {
        if (canonicalJson(await resultsDocument(inside, id)) !== canonicalJson(results)) {
          throw new StrataError('FILE_INVALID', `${path}: not a results document as this version of Strata writes it`);
        }
      },
    );
  } catch (error) {
    for (const leftover of [own, figures]) await rm(leftover, { recursive: true, force: true });
    throw error;
  } finally {
    await staged.discard();
  }
  await writeResultsFile(project, id);
  return { ...done, state: 'restored' };
}

/** The project must have the model and the data set of the run, under the names that its recipe uses. */
async function checkInputs(project: Project, { run }: Results): Promise<void> {
  const needed = [
    { what: 'model', command: 'strata model add', ...run.model, found: await findModel(project, run.config.model) },
    {
      what: 'data set',
      command: 'strata data add',
      ...run.dataset,
      found: await findDataset(project, run.config.dataset),
    },
  ];
  for (const { what, command, name, sha256, found } of needed) {
    if (found?.sha256 === sha256) continue;
    const has = found ? `has another one of that name, sha256 ${found.sha256}` : 'has none of that name';
    const advice = `add it with: ${command} PATH --name ${name} --project ${project.dir}`;
    const message = `run ${run.id} needs the ${what} ${name}, sha256 ${sha256}, but ${project.dir} ${has}; ${advice}`;
    throw new StrataError('NOT_FOUND', message);
  }
}

/** The run's own id, also where another version of Strata made it from other keys than this one would. */
function identityOf({ run }: Results): Pick<StoredRun, 'id' | 'recipeHash'> {
  const identity = runIdentity(run.config, run.model.sha256, run.dataset.sha256);
  if (identity.id === run.id) return identity;
  return { id: run.id, recipeHash: createHash('sha256').update(run.id).digest('hex') };
}

async function checkWeights(path: string, { run }: Results, folder: CltFolder, signal?: AbortSignal): Promise<void> {
  const { layers, width } = folder.shape;
  const expected = canonicalJson(runShape({ recipe: run.config }, { vision: { layers, width } }));
  if (canonicalJson(folder.shape) !== expected) {
    const found = canonicalJson(folder.shape);
    throw new StrataError('FILE_INVALID', `${folder.dir}: expected the CLT ${expected} of ${path}, found ${found}`);
  }
  const sha256 = run.config.imported && (await cltHash(folder, signal));
  if (sha256 === run.config.imported?.sha256) return;
  const message = `${folder.dir}: expected weights with sha256 ${run.config.imported?.sha256}, found ${sha256}`;
  throw new StrataError('FILE_INVALID', message);
}

/** The run is there already: ALREADY_EXISTS unless it is this one to the last byte. */
async function checkSame(project: Project, results: Results, folder: CltFolder, signal?: AbortSignal): Promise<void> {
  const { id } = results.run;
  const refuse = (how: string) => {
    const advice = 'import the export into another project';
    return new StrataError('ALREADY_EXISTS', `${project.dir} has run ${id} already, ${how}; ${advice}`);
  };
  const present = await resultsDocument(project, id).catch((error: unknown) => {
    if (isStrataError(error)) throw refuse(`and it is not finished (strata run ${id} finishes it)`);
    throw error;
  });
  if (canonicalJson(present) !== canonicalJson(results)) throw refuse('with other contents of results.json');
  const own = await readCltFolder(join(runDir(project, id), 'clt'));
  if ((await cltHash(own, signal)) !== (await cltHash(folder, signal))) throw refuse('with other weights');
  const configHashes = [own, folder].map(({ dir }) => hashFile(join(dir, 'config.yaml'), signal));
  if (new Set(await Promise.all(configHashes)).size > 1) throw refuse('with other contents of clt/config.yaml');
}

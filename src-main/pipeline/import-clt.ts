import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { StrataError } from '../contract/errors.ts';
import { type Recipe, recipeSchema } from '../contract/recipe.ts';
import { cltHash } from '../data/clt-copy.ts';
import { type CltFolder, readCltFolder } from '../data/clt-folder.ts';
import { hooks } from '../data/clt-layout.ts';
import { datasetNamed, listDatasets } from '../store/datasets.ts';
import { recordImportedRun } from '../store/imported-runs.ts';
import { listModels, modelNamed, type StoredModel } from '../store/models.ts';
import { type Project, runDir } from '../store/project-folder.ts';
import { listRuns, runIdentity } from '../store/runs.ts';
import { type ImportedClt, importedTraining } from './imported-weights.ts';
import { stageClt } from './place-clt.ts';
import { projectName } from './project-name.ts';
import { restoreRun } from './restore-run.ts';

export interface ImportCltOptions {
  /** What the run is called; the folder's name unless given. */
  name?: string;
  /** Of the project; may be left out where there is only one. */
  model?: string;
  dataset?: string;
  signal?: AbortSignal;
}

/**
 * Brings a CLT into the project: an export of Strata becomes the run that it was, weights and results byte for byte; any
 * other folder in circuit-tracer's layout becomes a run whose weights are there and whose measurements are still to be
 * made. FILE_INVALID naming file and tensor when the folder is malformed or does not fit the model, NOT_FOUND when the
 * project lacks model or data set, ALREADY_EXISTS when it has the run with other contents.
 */
export async function importClt(project: Project, path: string, options: ImportCltOptions = {}): Promise<ImportedClt> {
  const dir = resolve(path);
  if (existsSync(join(dir, 'results.json')) && existsSync(join(dir, 'clt'))) {
    return restoreRun(project, dir, options.signal);
  }
  const weights = existsSync(join(dir, 'clt', 'config.yaml')) ? join(dir, 'clt') : dir;
  return importWeights(project, weights, options);
}

async function importWeights(project: Project, dir: string, options: ImportCltOptions): Promise<ImportedClt> {
  const folder = await readCltFolder(dir, ['F32', 'F16', 'BF16', 'F64']);
  const model = await modelNamed(project, options.model ?? onlyName('model', await listModels(project)));
  const dataset = await datasetNamed(project, options.dataset ?? onlyName('data set', await listDatasets(project)));
  checkFit(folder, model);
  const { kind, parameters } = folder.shape.sparsifier;
  const staged = await stageClt(project, folder, options.signal);
  try {
    const recipe: Recipe = recipeSchema.parse({
      name: projectName(options.name ?? basename(basename(dir) === 'clt' ? dirname(dir) : dir)),
      model: model.name,
      dataset: dataset.name,
      train: { sparsifier: { kind, ...parameters }, features: folder.shape.features },
      imported: { sha256: await cltHash(staged.folder, options.signal) },
    });
    const identity = runIdentity(recipe, model.sha256, dataset.sha256);
    const { id } = identity;
    const known = (await listRuns(project)).some((run) => run.id === id);
    const present = known && existsSync(join(runDir(project, id), 'clt', 'config.yaml'));
    if (!present) {
      await staged.moveTo(id);
      await recordImportedRun(project, identity, recipe, [importedTraining(id, folder.shape, 0)]);
    }
    return { runId: id, state: present ? 'present' : 'imported', sparsifier: kind, notes: notesOn(folder) };
  } finally {
    await staged.discard();
  }
}

function onlyName(what: string, items: readonly { name: string }[]): string {
  if (items.length === 1) return items[0].name;
  const option = what === 'model' ? '--model' : '--dataset';
  const known = items.map(({ name }) => name).join(', ') || 'none yet';
  throw new StrataError(
    'USAGE',
    `say which ${what} of the project the transcoder is for: ${option} NAME (it has: ${known})`,
  );
}

function checkFit({ dir, shape }: CltFolder, { name, info }: StoredModel): void {
  if (shape.layers === info.layers && shape.width === info.width) return;
  const found = `${shape.layers} layers of width ${shape.width}`;
  const wanted = `model ${name} has ${info.layers} of width ${info.width}`;
  throw new StrataError('FILE_INVALID', `${dir}: W_dec_0 is for ${found}, but ${wanted}; give another model`);
}

function notesOn({ assumed, config, shape, files }: CltFolder): string[] {
  const notes: string[] = [];
  if (assumed && shape.sparsifier.kind === 'relu') {
    notes.push('config.yaml names no sparsifier and there is no threshold: read as ReLU, as circuit-tracer does.');
  } else if (assumed) {
    notes.push('config.yaml names no sparsifier, but there are thresholds: read as JumpReLU, as circuit-tracer does.');
  }
  const found = new Set([...files].map(([name, { tensors }]) => tensors.get(name)?.dtype));
  found.delete('F32');
  if (found.size > 0) notes.push(`Weights in ${[...found].join(', ')} are kept as F32.`);
  for (const [key, ours] of Object.entries(hooks)) {
    const theirs = config[key];
    if (theirs === undefined || theirs === ours) continue;
    const text = Array.isArray(theirs) ? theirs.join(', ') : String(theirs);
    notes.push(
      `${key} is ${text}; Strata uses ${ours}, which must be the same place for the measurements to mean anything.`,
    );
  }
  return notes;
}

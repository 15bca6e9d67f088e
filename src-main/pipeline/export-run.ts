import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StrataError } from '../contract/errors.ts';
import { writeAtomically } from '../data/atomic-file.ts';
import { type Project, runDir } from '../store/project-folder.ts';
import { resultsDocument } from '../store/results.ts';
import { resultsText } from './results-file.ts';

/** What an export writes. */
export interface ExportedRun {
  dir: string;
  files: string[];
}

/** Where a run's figures lie, once it has any. */
export function runFigures(project: Pick<Project, 'dir'>, runId: string): string {
  return join(project.dir, 'figures', runId);
}

/**
 * Writes a finished run for others to use: clt/ with the weights in circuit-tracer's layout, figures/ where the run has
 * any, and results.json, which comes last. ALREADY_EXISTS when the folder holds one of them; NOT_FOUND when the run has
 * no weights or results yet.
 */
export async function exportRun(project: Project, runId: string, to: string): Promise<ExportedRun> {
  const dir = resolve(to);
  const folders = [
    { name: 'clt', from: join(runDir(project, runId), 'clt') },
    { name: 'figures', from: runFigures(project, runId) },
  ].filter(({ name, from }) => name === 'clt' || existsSync(from));
  const files = [...folders.map(({ name }) => name), 'results.json'];
  const taken = files.find((name) => existsSync(join(dir, name)));
  if (taken !== undefined) {
    throw new StrataError('ALREADY_EXISTS', `${join(dir, taken)} is there already; export to another folder`);
  }
  const results = await resultsDocument(project, runId);
  const missing = folders.find(({ from }) => !existsSync(from));
  if (missing) throw new StrataError('NOT_FOUND', `${missing.from} is missing; run the recipe again`);
  await mkdir(dir, { recursive: true });
  for (const { name, from } of folders) {
    const partial = join(dir, `.${name}.partial`);
    await rm(partial, { recursive: true, force: true });
    await cp(from, partial, { recursive: true });
    await rename(partial, join(dir, name));
  }
  await writeAtomically(join(dir, 'results.json'), async (file) => {
    await file.writeFile(resultsText(results));
  });
  return { dir, files };
}

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

/**
 * Writes a finished run for others to use: clt/ with the weights in circuit-tracer's layout, and results.json.
 * ALREADY_EXISTS when the folder holds either; NOT_FOUND when the run has no weights or results yet.
 */
export async function exportRun(project: Project, runId: string, to: string): Promise<ExportedRun> {
  const dir = resolve(to);
  const files = ['clt', 'results.json'];
  const taken = files.find((name) => existsSync(join(dir, name)));
  if (taken !== undefined) {
    throw new StrataError('ALREADY_EXISTS', `${join(dir, taken)} is there already; export to another folder`);
  }
  const results = await resultsDocument(project, runId);
  const weights = join(runDir(project, runId), 'clt');
  if (!existsSync(weights)) throw new StrataError('NOT_FOUND', `${weights} is missing; run the recipe again`);
  await mkdir(dir, { recursive: true });
  const partial = join(dir, '.clt.partial');
  await rm(partial, { recursive: true, force: true });
  await cp(weights, partial, { recursive: true });
  await rename(partial, join(dir, 'clt'));
  await writeAtomically(join(dir, 'results.json'), async (file) => {
    await file.writeFile(resultsText(results));
  });
  return { dir, files };
}

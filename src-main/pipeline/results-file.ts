import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Results } from '../contract/results.ts';
import { writeAtomically } from '../data/atomic-file.ts';
import { type Project, runDir } from '../store/project-folder.ts';
import { resultsDocument } from '../store/results.ts';

/** The text of a results document, as it is written to files and printed. */
export function resultsText(results: Results): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}

/** Writes the run's results document to runs/<id>/results.json and returns it. NOT_FOUND while it is incomplete. */
export async function writeResultsFile(project: Project, runId: string): Promise<Results> {
  const results = await resultsDocument(project, runId);
  const dir = runDir(project, runId);
  await mkdir(dir, { recursive: true });
  await writeAtomically(join(dir, 'results.json'), async (file) => {
    await file.writeFile(resultsText(results));
  });
  return results;
}

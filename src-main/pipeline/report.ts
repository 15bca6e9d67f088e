import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isStrataError } from '../contract/errors.ts';
import { writeAtomically } from '../data/atomic-file.ts';
import { type ReportRun, reportHtml } from '../figures/report/index.ts';
import { listJobs } from '../store/jobs.ts';
import type { Project } from '../store/project-folder.ts';
import { resultsDocument } from '../store/results.ts';
import { listRuns } from '../store/runs.ts';
import { strataVersion } from './provenance.ts';
import { retrievalSheet } from './retrieval-sheet.ts';

/** What a report tells of its making. */
export interface WrittenReport {
  /** Absolute path. */
  file: string;
  /** Ids of the runs it shows, and of those it lists as unfinished. */
  finished: string[];
  unfinished: string[];
}

/**
 * Writes one self-contained HTML page about every run of the project, to `file` or else <project>/report.html.
 */
export async function writeReport(
  project: Project,
  file: string = join(project.dir, 'report.html'),
): Promise<WrittenReport> {
  const runs: ReportRun[] = [];
  const unfinished: { id: string; state: string }[] = [];
  for (const { id, recipeHash } of await listRuns(project)) {
    const jobs = await listJobs(project, id);
    const results = await resultsDocument(project, id).catch((error: unknown) => {
      if (isStrataError(error) && error.code === 'NOT_FOUND') return undefined;
      throw error;
    });
    const state = jobs.at(-1)?.state ?? 'not started';
    // A run that is still at work has some sections already; it is shown when all of its stages are through.
    // An imported run has its results and no job.
    const through = jobs.length === 0 || jobs.some((job) => job.state === 'succeeded');
    if (results === undefined || !through) unfinished.push({ id, state });
    else {
      const sheet = await retrievalSheet(project, id);
      runs.push({ results, configHash: recipeHash, retrievalSheets: sheet ? [sheet] : [] });
    }
  }
  const html = await reportHtml({
    project: basename(project.dir),
    strataVersion: strataVersion(),
    runs,
    unfinished,
  });
  const target = resolve(file);
  await mkdir(dirname(target), { recursive: true });
  await writeAtomically(target, async (handle) => {
    await handle.writeFile(html);
  });
  return {
    file: target,
    finished: runs.map(({ results }) => results.run.id),
    unfinished: unfinished.map(({ id }) => id),
  };
}

import { writeFigures } from '../figures/write.ts';
import type { Project } from '../store/project-folder.ts';
import { resultsDocument } from '../store/results.ts';
import { provenanceOf } from './provenance.ts';
import { retrievalSheet } from './retrieval-sheet.ts';

/**
 * Writes every figure that the run has numbers for to `dir`, which is replaced as a whole: SVG, PNG and PDF in both
 * widths, CSV and a sidecar JSON each. Returns the files' absolute paths. NOT_FOUND while the run has no results.
 */
export async function writeRunFigures(project: Project, runId: string, dir: string): Promise<string[]> {
  const results = await resultsDocument(project, runId);
  const provenance = await provenanceOf(project, [results]);
  const sheet = await retrievalSheet(project, runId);
  return writeFigures(dir, { runs: [results], retrievalSheet: sheet }, { provenance });
}

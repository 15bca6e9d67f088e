import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StrataError } from '../../../contract/errors.ts';
import { exportRun } from '../../../pipeline/export-run.ts';
import { resultsText } from '../../../pipeline/results-file.ts';
import { openProject } from '../../../store/project.ts';
import { resultsDocument } from '../../../store/results.ts';
import { runNamed } from '../../../store/runs.ts';
import { answer, type OutputOptions } from '../output.ts';

interface ResultsOptions extends OutputOptions {
  project: string;
  out?: string;
}

/** Prints a run's results document, or writes it to a file. */
export async function results(runName: string, { project: dir, out, json }: ResultsOptions): Promise<void> {
  const project = await openProject(dir);
  try {
    const document = await resultsDocument(project, (await runNamed(project, runName)).id);
    if (out === undefined) {
      process.stdout.write(resultsText(document));
      return;
    }
    const file = resolve(out);
    await writeFile(file, resultsText(document)).catch((cause: Error) => {
      throw new StrataError('USAGE', `${file} cannot be written: ${cause.message}`, { cause });
    });
    answer({ json }, { run: document.run.id, file }, `Wrote ${file}.`);
  } finally {
    await project.close();
  }
}

interface ExportOptions extends OutputOptions {
  project: string;
  to: string;
}

/** Writes a run's weights and results to a folder. */
export async function exportTo(runName: string, { project: dir, to, json }: ExportOptions): Promise<void> {
  const project = await openProject(dir);
  try {
    const { id } = await runNamed(project, runName);
    const exported = await exportRun(project, id, to);
    answer({ json }, { run: id, ...exported }, `Wrote ${exported.files.join(', ')} to ${exported.dir}.`);
  } finally {
    await project.close();
  }
}

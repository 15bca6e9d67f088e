import type { Results } from '../../contract/results.ts';
import { type Project, runDir } from '../../store/project-folder.ts';
import { resultsText } from './results-text.ts';

/** Options that every command has. */
export interface OutputOptions {
  json?: boolean;
}

/** Prints the command's answer: one JSON document with --json, else the text for people. */
export function answer(options: OutputOptions, document: unknown, text: string): void {
  process.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : `${text}\n`);
}

/** Prints what a run reached: with --json its results document as one line, after the lines of its events. */
export function answerRun({ json }: OutputOptions, project: Pick<Project, 'dir'>, results: Results): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(results)}\n`);
    return;
  }
  const kept = `The run is kept in ${runDir(project, results.run.id)}.`;
  process.stdout.write(`\n${resultsText(results)}\n\n${kept}\n`);
}

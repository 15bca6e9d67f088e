import { importClt } from '../../../pipeline/import-clt.ts';
import { openProject } from '../../../store/project.ts';
import { catchInterrupts } from '../interrupt.ts';
import { answer, type OutputOptions } from '../output.ts';

interface ImportOptions extends OutputOptions {
  project: string;
  name?: string;
  model?: string;
  dataset?: string;
}

/** Brings a CLT into a project: a run that was exported, or weights that another program wrote. */
export async function importFrom(path: string, { project: dir, json, ...options }: ImportOptions): Promise<void> {
  const { signal } = catchInterrupts();
  const project = await openProject(dir);
  try {
    const imported = await importClt(project, path, { ...options, signal });
    const { runId, state, sparsifier, notes } = imported;
    const next = `Measure it with: strata run ${runId} --project ${dir}`;
    const sentences = {
      restored: [`Restored run ${runId} with its weights and results.`],
      imported: [`Imported a transcoder with ${sparsifier} as run ${runId}.`, next],
      present: [`Run ${runId} is there already with the same contents; nothing to do.`],
    };
    answer({ json }, imported, [...sentences[state], ...notes].join('\n'));
  } finally {
    await project.close();
  }
}

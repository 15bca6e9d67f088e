import { readFile } from 'node:fs/promises';
import { parseRecipe } from '../../../contract/recipe-file.ts';
import { runFigures } from '../../../pipeline/export-run.ts';
import { writeReport } from '../../../pipeline/report.ts';
import { addSample } from '../../../pipeline/sample.ts';
import { resolveSource } from '../../../pipeline/source.ts';
import { createProject, isProject, openProject } from '../../../store/project.ts';
import { carryOut } from '../carry-out.ts';
import { catchInterrupts } from '../interrupt.ts';
import { answerRun, type OutputOptions } from '../output.ts';
import { progressView } from '../progress-view.ts';
import { importProgress, importSummary } from './data.ts';

interface DemoOptions extends OutputOptions {
  out: string;
  quick?: boolean;
}

/** The whole pipeline on the embedded model and images, in a project of its own; run again, it goes on or reuses. */
export async function demo({ out, quick, json }: DemoOptions): Promise<void> {
  const recipeFile = quick ? 'demo-quick.yaml' : 'demo.yaml';
  const recipe = parseRecipe(await readFile(resolveSource(`embedded:recipes/${recipeFile}`), 'utf8'), recipeFile);
  const interrupt = catchInterrupts();
  const view = progressView(json === true);
  const project = isProject(out) ? await openProject(out) : await createProject(out);
  try {
    const imported = await addSample(project, { signal: interrupt.signal, onProgress: importProgress(view) });
    if (imported) view.show({ type: 'notice', level: 'info', message: importSummary(imported) });
    const again = `strata demo --out ${out}${quick ? ' --quick' : ''}`;
    const results = await carryOut(project, recipe, view, interrupt, again);
    const { file } = await writeReport(project);
    answerRun({ json }, project, results);
    if (!json)
      process.stdout.write(`Its figures are in ${runFigures(project, results.run.id)}.\nThe report: ${file}\n`);
  } finally {
    view.close();
    await project.close();
  }
}

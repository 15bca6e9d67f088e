import { readFile } from 'node:fs/promises';
import { parseRecipe } from '../../../contract/recipe-file.ts';
import { importImages } from '../../../pipeline/import-dataset.ts';
import { importModel } from '../../../pipeline/import-model.ts';
import { resolveSource } from '../../../pipeline/source.ts';
import { findDataset } from '../../../store/datasets.ts';
import { createProject, isProject, openProject } from '../../../store/project.ts';
import type { Project } from '../../../store/project-folder.ts';
import { carryOut } from '../carry-out.ts';
import { catchInterrupts, type Interrupt } from '../interrupt.ts';
import { answerRun, type OutputOptions } from '../output.ts';
import { type ProgressView, progressView } from '../progress-view.ts';
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
    await importModel(project, resolveSource('embedded:models/mini-clip'), { name: recipe.model });
    await addEmoji(project, recipe.dataset, view, interrupt);
    const again = `strata demo --out ${out}${quick ? ' --quick' : ''}`;
    const results = await carryOut(project, recipe, view, interrupt, again);
    answerRun({ json }, project, results);
  } finally {
    view.close();
    await project.close();
  }
}

async function addEmoji(project: Project, name: string, view: ProgressView, { signal }: Interrupt): Promise<void> {
  if (await findDataset(project, name)) return;
  const path = resolveSource('embedded:resources/emoji/emoji-10665.tar');
  const imported = await importImages(project, path, { name, signal, onProgress: importProgress(view) });
  view.show({ type: 'notice', level: 'info', message: importSummary(imported) });
}

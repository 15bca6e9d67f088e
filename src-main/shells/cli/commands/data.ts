import type { FormatId } from '../../../data/datasets/index.ts';
import { type ImportedImages, importImages } from '../../../pipeline/import-dataset.ts';
import { openProject } from '../../../store/project.ts';
import { grouped } from '../format.ts';
import { catchInterrupts } from '../interrupt.ts';
import { answer, type OutputOptions } from '../output.ts';
import { type ProgressView, progressView } from '../progress-view.ts';

interface DataAddOptions extends OutputOptions {
  project: string;
  name?: string;
  format?: FormatId;
}

const skippedShown = 10;

/** Adds a folder or archive of images to a project. */
export async function addData(path: string, { project: dir, name, format, json }: DataAddOptions): Promise<void> {
  const project = await openProject(dir);
  const view = progressView(false);
  const onProgress = json ? undefined : importProgress(view);
  const { signal } = catchInterrupts();
  try {
    const imported = await importImages(project, path, { name, format, signal, onProgress });
    view.close();
    const { dataset, bySplit, skipped, ignored } = imported;
    const { name: added, sha256, source, classes } = dataset;
    const document = { name: added, sha256, source, format: dataset.format, classes: classes.length, images: bySplit };
    answer({ json }, { ...document, ignored, skipped }, importSummary(imported));
  } finally {
    view.close();
    await project.close();
  }
}

/** An import's progress in the form that jobs use, at most once a second. */
export function importProgress(view: ProgressView): (progress: { done: number; total: number }) => void {
  const started = performance.now();
  let last = started;
  return ({ done, total }) => {
    const now = performance.now();
    if (now - last < 1000 && done < total) return;
    last = now;
    const perSecond = done / Math.max((now - started) / 1000, 1e-3);
    const secondsLeft = (total - done) / perSecond;
    view.show({ type: 'progress', stage: 'import', done, total, unit: 'images', perSecond, secondsLeft });
  };
}

/** What came of an import, with the first images that were skipped. */
export function importSummary({ dataset, bySplit, skipped, ignored }: ImportedImages): string {
  const splits = Object.entries(bySplit).map(([split, images]) => `${grouped(images)} ${split}`);
  const lines = [`Added data set ${dataset.name}: ${splits.join(', ')} images in ${dataset.classes.length} classes.`];
  if (ignored > 0) lines.push(`Files left out because they are no images of a class: ${grouped(ignored)}.`);
  if (skipped.length > 0) {
    lines.push(`Skipped ${grouped(skipped.length)} images that cannot be read:`);
    lines.push(...skipped.slice(0, skippedShown).map(({ path, reason }) => `  ${path}: ${reason}`));
    if (skipped.length > skippedShown) lines.push('  ... (strata list --json shows them all)');
  }
  return lines.join('\n');
}

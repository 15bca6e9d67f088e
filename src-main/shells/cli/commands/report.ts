import { writeReport } from '../../../pipeline/report.ts';
import { openProject } from '../../../store/project.ts';
import { answer, type OutputOptions } from '../output.ts';

/** Writes the project's report, DIR/report.html unless --out names another file. */
export async function report({
  project: dir,
  out,
  json,
}: OutputOptions & { project: string; out?: string }): Promise<void> {
  const project = await openProject(dir);
  try {
    const written = await writeReport(project, out);
    const open = written.unfinished.length > 0 ? `; unfinished: ${written.unfinished.join(', ')}` : '';
    const { length } = written.finished;
    answer({ json }, written, `Wrote ${written.file} on ${length} finished ${length === 1 ? 'run' : 'runs'}${open}.`);
  } finally {
    await project.close();
  }
}

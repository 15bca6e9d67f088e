import { importModel } from '../../../pipeline/import-model.ts';
import { openProject } from '../../../store/project.ts';
import { answer, type OutputOptions } from '../output.ts';

interface ModelAddOptions extends OutputOptions {
  project: string;
  name?: string;
}

/** Adds a CLIP folder to a project. */
export async function addModel(path: string, { project: dir, name, json }: ModelAddOptions): Promise<void> {
  const project = await openProject(dir);
  try {
    const model = await importModel(project, path, { name });
    const { layers, width, tokens } = model.info;
    const size = `${layers} layers, width ${width}, ${tokens} tokens an image`;
    answer({ json }, model, `Added model ${model.name}: ${size}.`);
  } finally {
    await project.close();
  }
}

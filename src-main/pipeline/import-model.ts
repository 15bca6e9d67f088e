import { basename, resolve } from 'node:path';
import { StrataError } from '../contract/errors.ts';
import { readClipFolder } from '../data/clip-folder.ts';
import { hashFile } from '../data/hash.ts';
import { addModel, findModel, type StoredModel } from '../store/models.ts';
import type { Project } from '../store/project-folder.ts';
import { projectName } from './project-name.ts';
import { sourceOf } from './source.ts';

/**
 * Checks the CLIP model in a folder and adds it to the project, which keeps its place and hash and copies nothing.
 * Adding the same weights under the same name again changes nothing. ALREADY_EXISTS when the name stands for other
 * weights; errors as readClipFolder.
 */
export async function importModel(
  project: Project,
  path: string,
  options: { name?: string; signal?: AbortSignal } = {},
): Promise<StoredModel> {
  const dir = resolve(path);
  const name = projectName(options.name ?? basename(dir));
  const clip = await readClipFolder(dir);
  const sha256 = await hashFile(clip.modelFile, options.signal);
  const existing = await findModel(project, name);
  if (existing?.sha256 === sha256) return existing;
  if (existing !== undefined) {
    const message = `${project.dir} has a model ${name} with other weights already; give this one another name`;
    throw new StrataError('ALREADY_EXISTS', message);
  }
  const { layers, width, heads, patchSize, imageSize, tokens } = clip.vision;
  const info = { layers, width, heads, patchSize, imageSize, tokens };
  return addModel(project, { name, sha256, source: sourceOf(dir), info });
}

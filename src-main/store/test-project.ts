import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recipeSchema } from '../contract/recipe.ts';
import { beginDataset, completeDataset } from './datasets.ts';
import { addImages, type StoredImage } from './images.ts';
import type { Migrations } from './migrations/index.ts';
import { addModel } from './models.ts';
import { createProject } from './project.ts';
import type { Project } from './project-folder.ts';
import { runOf, type StoredRun } from './runs.ts';

/** Registers what is to be done when a test ends; vitest's onTestFinished. */
type AtEnd = (action: () => Promise<void>) => void;

/** For tests: a folder that is removed when the test ends. */
export async function temporaryDir(atEnd: AtEnd): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'strata-'));
  atEnd(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** For tests: an empty project that is closed and removed when the test ends; by `migrations`, one of an older version. */
export async function temporaryProject(atEnd: AtEnd, migrations?: Migrations): Promise<Project> {
  const project = await createProject(join(await temporaryDir(atEnd), 'project'), migrations);
  atEnd(() => project.close());
  return project;
}

/** For tests: image rows, every fifth of them in the test split. */
export function imageRows(count: number): StoredImage[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    path: `images/${index}.png`,
    split: index % 5 === 4 ? 'test' : 'train',
    classIndex: index % 2,
    offset: index % 3 === 0 ? null : 512 * index,
    size: 100 + index,
    width: 64,
    height: 48,
    sha256: index.toString(16).padStart(64, '0'),
  }));
}

/** For tests: a run of a project that has a model and a data set of ten images. */
export async function runInProject(project: Project, seed = 0): Promise<StoredRun> {
  if (seed === 0) {
    await addModel(project, {
      name: 'mini-clip',
      sha256: 'ab',
      source: 'embedded:models/mini-clip',
      info: { layers: 2 },
    });
    const classes = ['tabby', 'hound'].map((name) => ({ name, prompts: [`a ${name}`] }));
    await beginDataset(project, { name: 'emoji', source: '/e', format: 'tar', classes, promptTemplates: ['a {}'] });
    await addImages(project, 'emoji', imageRows(10));
    await completeDataset(project, 'emoji', 'cd');
  }
  return runOf(project, recipeSchema.parse({ name: 'tiny', seed }));
}

import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyCltFolder } from '../data/clt-copy.ts';
import { type CltFolder, readCltFolder } from '../data/clt-folder.ts';
import { type Project, runDir } from '../store/project-folder.ts';

/** A copy of a CLT in the project that is no run's yet. */
export interface StagedClt {
  folder: CltFolder;
  /** Makes it the weights of a run, in place of what an import that was stopped left there. */
  moveTo(runId: string): Promise<void>;
  /** Removes it unless it was moved. */
  discard(): Promise<void>;
}

/** Copies a CLT into the project, as the engine reads it. Errors as copyCltFolder. */
export async function stageClt(project: Project, folder: CltFolder, signal?: AbortSignal): Promise<StagedClt> {
  const dir = join(project.dir, 'runs', `.import-${randomUUID()}`);
  const discard = () => rm(dir, { recursive: true, force: true });
  try {
    await copyCltFolder(folder, dir, signal);
    return {
      folder: await readCltFolder(dir),
      async moveTo(runId) {
        const target = join(runDir(project, runId), 'clt');
        await mkdir(runDir(project, runId), { recursive: true });
        await rm(target, { recursive: true, force: true });
        await rename(dir, target);
      },
      discard,
    };
  } catch (error) {
    await discard();
    throw error;
  }
}

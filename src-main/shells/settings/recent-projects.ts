import path from 'node:path';
import { z } from 'zod';
import type { RecentProject } from '../../contract/rpc/system.ts';
import { isProject } from '../../store/project.ts';
import { SettingsFile } from './settings-file.ts';

const most = 12;

const entries = z.array(z.object({ dir: z.string().min(1), openedAt: z.iso.datetime() }));

/** The projects opened last on this machine, in whichever shell. */
export class RecentProjects {
  readonly #file: SettingsFile<z.infer<typeof entries>>;
  #last: Promise<void> = Promise.resolve();

  /** folder: where settings are kept. */
  constructor(folder: string) {
    this.#file = new SettingsFile(folder, 'recent-projects.json', entries);
  }

  /** Newest first. Folders that are no projects any more are left out, but not forgotten: a disk may come back. */
  async list(): Promise<RecentProject[]> {
    await this.#last;
    const stored = (await this.#file.read()) ?? [];
    return stored
      .filter(({ dir }) => isProject(dir))
      .map(({ dir, openedAt }) => ({ dir, name: path.basename(dir), openedAt }));
  }

  /** Puts a project in front. */
  add(dir: string): Promise<void> {
    this.#last = this.#last.then(async () => {
      const others = ((await this.#file.read()) ?? []).filter((entry) => entry.dir !== dir);
      await this.#file.write([{ dir, openedAt: new Date().toISOString() }, ...others].slice(0, most));
    });
    return this.#last;
  }
}

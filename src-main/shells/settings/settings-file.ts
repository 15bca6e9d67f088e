import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { writeAtomically } from '../../data/atomic-file.ts';

/**
 * A small JSON file in the config folder. What cannot be read, or is not what the schema says, counts as not written
 * yet: settings are a convenience, and a damaged file must not keep anybody from their work.
 */
export class SettingsFile<T> {
  readonly #file: string;
  readonly #schema: z.ZodType<T>;

  constructor(folder: string, name: string, schema: z.ZodType<T>) {
    this.#file = path.join(folder, name);
    this.#schema = schema;
  }

  async read(): Promise<T | undefined> {
    try {
      return this.#schema.safeParse(JSON.parse(await readFile(this.#file, 'utf8'))).data;
    } catch {
      return undefined;
    }
  }

  /** A folder that cannot be written costs the setting and nothing else. */
  async write(value: T): Promise<void> {
    try {
      await mkdir(path.dirname(this.#file), { recursive: true });
      await writeAtomically(this.#file, (handle) => handle.writeFile(`${JSON.stringify(value, null, 2)}\n`));
    } catch {
      // As if it had never been chosen.
    }
  }
}

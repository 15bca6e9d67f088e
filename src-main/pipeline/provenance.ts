import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Results } from '../contract/results.ts';
import type { Provenance } from '../figures/provenance.ts';
import type { Project } from '../store/project-folder.ts';
import { runById } from '../store/runs.ts';
import { resolveSource } from './source.ts';

/** Strata's version, from its package.json. */
export function strataVersion(): string {
  const text = readFileSync(resolveSource('embedded:package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** What figures of these runs say of where they come from. */
export async function provenanceOf(project: Project, runs: readonly Results[]): Promise<Provenance> {
  return {
    strataVersion: strataVersion(),
    runs: await Promise.all(
      runs.map(async ({ run: { id, seed, model, dataset } }) => ({
        id,
        configHash: (await runById(project, id)).recipeHash,
        seed,
        model: { name: model.name, sha256: model.sha256 },
        dataset: { name: dataset.name, sha256: dataset.sha256 },
      })),
    ),
  };
}

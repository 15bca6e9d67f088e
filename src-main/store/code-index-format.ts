import { join } from 'node:path';
import { z } from 'zod';
import { type RetrievalGroup, retrievalGroups } from '../core/pooled-code.ts';
import { type Project, runDir } from './project-folder.ts';

/**
 * Code index, format 1: the sparse codes of a run's index images, as compressed sparse rows, little-endian, in
 * runs/<id>/index/, which appears when it is complete and never changes afterwards:
 *
 *   manifest.json         what made it, its sizes (codeIndexManifest)
 *   images.u32            index of every row's image in the data set [rows], ascending
 *   <group>-<layer>.      for the groups cls and patches (pooled, core/pooled-code.ts) and every layer:
 *     indptr.u32          where each row begins among the entries [rows + 1]
 *     indices.u16         feature of each entry, ascending within a row; indices.u32 beyond 65,536 features
 *     values.f16          its activation in half precision, finite and not zero
 *
 * The stored values define the similarity. Half precision takes a third less room than single precision would; on the
 * embedded images it moves a cosine by at most 1.4e-4 and leaves 99.8 % of all top threes as they were.
 */
export const codeIndexVersion = 1;

const counts = z.array(z.int().min(0).max(0xffffffff)).min(1);

export const codeIndexManifest = z.strictObject({
  format: z.literal('strata-codes'),
  version: z.literal(codeIndexVersion),
  /** Hash of the recipe, the model and the data set, as runs have it. */
  madeFrom: z.string(),
  layers: z.int().min(1),
  /** Per layer, m. */
  features: z.int().min(1),
  rows: z.int().min(0),
  /** Entries of every layer. */
  entries: z.strictObject({ cls: counts, patches: counts }),
});

export type CodeIndexManifest = z.infer<typeof codeIndexManifest>;

export const manifestName = 'manifest.json';
export const imagesName = 'images.u32';

/** Names of the three files of a layer and group. */
export function segmentFiles(group: RetrievalGroup, layer: number, features: number) {
  const stem = `${group}-${String(layer).padStart(2, '0')}`;
  return {
    indptr: `${stem}.indptr.u32`,
    indices: `${stem}.indices.${features <= 2 ** 16 ? 'u16' : 'u32'}`,
    values: `${stem}.values.f16`,
  };
}

/** Bytes that every file but the manifest must have. */
export function expectedSizes({ layers, features, rows, entries }: CodeIndexManifest): Map<string, number> {
  const sizes = new Map([[imagesName, rows * 4]]);
  for (const group of retrievalGroups) {
    for (let layer = 0; layer < layers; layer++) {
      const files = segmentFiles(group, layer, features);
      sizes.set(files.indptr, (rows + 1) * 4);
      sizes.set(files.indices, entries[group][layer] * (features <= 2 ** 16 ? 2 : 4));
      sizes.set(files.values, entries[group][layer] * 2);
    }
  }
  return sizes;
}

/** Where a run keeps its code index. */
export function codeIndexDir(project: Pick<Project, 'dir'>, runId: string): string {
  return join(runDir(project, runId), 'index');
}

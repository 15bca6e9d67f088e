import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../data/atomic-file.ts';
import { readJsonFile } from '../data/json-file.ts';
import type { StoredDataset } from '../store/datasets.ts';
import type { StoredModel } from '../store/models.ts';
import type { Project } from '../store/project-folder.ts';
import type { Classified } from './questions/classify-images.ts';

/** Columns of the same length, one entry a test image. */
const fileSchema = z.strictObject({
  model: z.string(),
  dataset: z.string(),
  index: z.array(z.int()),
  classIndex: z.array(z.int()),
  predicted: z.array(z.int()),
  rank: z.array(z.int()),
});

/** A frozen model's outcome on every test image of a data set, kept with the project. */
export type ZeroShotFile = z.infer<typeof fileSchema>;

type Pair = { model: Pick<StoredModel, 'sha256'>; dataset: Pick<StoredDataset, 'sha256'> };

/** Undefined until it was measured for these very weights and images. */
export async function readZeroShot(project: Pick<Project, 'dir'>, pair: Pair): Promise<ZeroShotFile | undefined> {
  const path = filePath(project, pair);
  return existsSync(path) ? readJsonFile(path, fileSchema, 'FILE_INVALID') : undefined;
}

export async function writeZeroShot(
  project: Pick<Project, 'dir'>,
  pair: Pair,
  outcomes: readonly Classified[],
): Promise<void> {
  const path = filePath(project, pair);
  const file: ZeroShotFile = {
    model: pair.model.sha256,
    dataset: pair.dataset.sha256,
    index: outcomes.map(({ index }) => index),
    classIndex: outcomes.map(({ classIndex }) => classIndex),
    predicted: outcomes.map(({ predicted }) => predicted),
    rank: outcomes.map(({ rank }) => rank),
  };
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, (handle) => handle.writeFile(JSON.stringify(file)));
}

/** Shares of the images whose class is the best, and among the five best. */
export function zeroShotAccuracy({ rank }: Pick<ZeroShotFile, 'rank'>): { n: number; top1: number; top5: number } {
  const within = (k: number) => rank.filter((place) => place < k).length / Math.max(1, rank.length);
  return { n: rank.length, top1: within(1), top5: within(5) };
}

function filePath(project: Pick<Project, 'dir'>, { model, dataset }: Pair): string {
  const key = createHash('sha256').update(`${model.sha256} ${dataset.sha256}`).digest('hex').slice(0, 16);
  return join(project.dir, 'zero-shot', `${key}.json`);
}

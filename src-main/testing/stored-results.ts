import type { Results } from '../contract/results.ts';
import type { TokenGroup } from '../core/tokens.ts';
import { chosenImages, imagesAt } from '../store/image-choice.ts';
import type { Project } from '../store/project-folder.ts';
import { resultsDocument, writeResult } from '../store/results.ts';
import type { StoredRun } from '../store/runs.ts';
import { randomResults } from './random-results.ts';

type Section = Exclude<keyof Results, 'schemaVersion' | 'run' | 'timings'>;

/** The stage that writes each section. */
const stages: Record<Section, string> = {
  reconstruction: 'evaluate',
  zeroShot: 'evaluate',
  contribution: 'evaluate',
  cascade: 'cascade',
  prompts: 'cascade',
  necessity: 'necessity',
  audit: 'audit',
  auditSpearman: 'audit',
  retrieval: 'retrieval',
};
const sections = Object.keys(stages) as Section[];

interface Choice {
  layers: number;
  /** All sections unless given. */
  only?: readonly Section[];
  /** Also what `cascade` keeps beside the document: which test images change class. */
  flips?: boolean;
}

/** Gives a run random results, as its stages would have written them, and reads back the document. */
export async function storeRandomResults(
  project: Project,
  run: StoredRun,
  { layers, only = sections, flips = false }: Choice,
): Promise<Results> {
  const random = randomResults({ layers, seed: run.recipe.seed });
  const perTemplate = random.prompts?.templates.map((template, at) => ({
    template,
    top1: random.prompts?.frozen.top1[at],
    top5: Math.min(1, (random.prompts?.frozen.top1[at] ?? 0) + 0.2),
  }));
  const documents = { ...random, zeroShot: { ...random.zeroShot, perTemplate } };
  for (const key of only) {
    await writeResult(project, { runId: run.id, stage: stages[key], key, section: documents[key], seconds: 1 });
  }
  if (flips) {
    const section = await randomFlips(project, run, random);
    await writeResult(project, { runId: run.id, stage: 'cascade', key: 'flips', section, seconds: 0 });
  }
  return resultsDocument(project, run.id);
}

/** As many of the test images as the flip rate says, if there are: some right before, some after, some never. */
async function randomFlips(project: Project, run: StoredRun, { cascade = [] }: Results) {
  const indices = Array.from(await chosenImages(project, run.dataset, 'test'));
  const images = await imagesAt(project, run.dataset, indices);
  const classes = 1 + Math.max(...images.map(({ classIndex }) => classIndex));
  return cascade.map(({ from, tokens, flipRate, n }): { from: number; tokens: TokenGroup; flips: number[][] } => ({
    from,
    tokens,
    flips: images.slice(0, Math.round(flipRate * n)).map(({ index, classIndex }, at) => {
      const wrong = (classIndex + 1) % classes;
      const other = (classIndex + 2) % classes;
      return [
        index,
        ...[
          [classIndex, wrong],
          [wrong, classIndex],
          [wrong, other],
        ][at % 3],
      ];
    }),
  }));
}

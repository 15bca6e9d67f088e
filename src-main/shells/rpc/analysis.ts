import { z } from 'zod';
import { tokenGroups } from '../../core/tokens.ts';
import { datasetNamed } from '../../store/datasets.ts';
import { imagesAt } from '../../store/image-choice.ts';
import { readResult } from '../../store/results.ts';
import { runById } from '../../store/runs.ts';
import { answer, openedProject } from './answer.ts';

/** What the stage `cascade` keeps beside the results document: [image index, class before, class after]. */
const storedFlips = z.array(
  z.object({
    from: z.int(),
    tokens: z.enum(tokenGroups),
    flips: z.array(z.tuple([z.int(), z.int(), z.int()])),
  }),
);

export const analysisRouter = {
  flips: answer.analysis.flips.handler(async ({ context, input: { runId, from, tokens } }) => {
    const project = await openedProject(context);
    const run = await runById(project, runId);
    const stored = await readResult(project, runId, 'cascade', 'flips');
    const window = storedFlips
      .optional()
      .parse(stored)
      ?.find((row) => row.from === from && row.tokens === tokens);
    if (window === undefined) return null;
    const { classes } = await datasetNamed(project, run.dataset);
    const images = await imagesAt(
      project,
      run.dataset,
      window.flips.map(([image]) => image),
    );
    return {
      classes: classes.map(({ name }) => name),
      flips: window.flips.map(([image, before, after], at) => ({
        image,
        truth: images[at].classIndex,
        before,
        after,
      })),
    };
  }),
  edgeFeatures: answer.analysis.edgeFeatures.handler(async ({ context, input: { runId, ...edge }, signal }) => {
    const project = await openedProject(context);
    await runById(project, runId);
    return context.workbench.engine(project).ask('edgeFeatures', { run: runId, ...edge }, signal);
  }),
};

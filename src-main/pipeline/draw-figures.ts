import { existsSync } from 'node:fs';
import { runFigures } from './export-run.ts';
import { writeRunFigures } from './figures.ts';
import type { Stage } from './stage.ts';

/** Draws every figure of the run into the project's figures/<id>/: SVG, PNG, PDF, CSV, each with where it comes from. */
export const drawFigures: Stage = {
  id: 'figures',
  title: 'Draw the figures',

  async run({ project, runId, signal }) {
    const dir = runFigures(project, runId);
    // The folder appears when all of them are in it.
    if (existsSync(dir)) return 'reused';
    signal.throwIfAborted();
    await writeRunFigures(project, runId, dir);
    return 'done';
  },
};

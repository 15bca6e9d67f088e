import { setImmediate } from 'node:timers/promises';
import { audit } from './audit.ts';
import { capture } from './capture.ts';
import { cascade } from './cascade.ts';
import { drawFigures } from './draw-figures.ts';
import { evaluate } from './evaluate.ts';
import { indexCodes } from './index-codes.ts';
import { necessity } from './necessity.ts';
import { writeResultsFile } from './results-file.ts';
import type { Stage, StageContext } from './stage.ts';
import { train } from './train.ts';

export type { Stage, StageContext } from './stage.ts';

/** The pipeline, in order. A new stage is one file and one entry here. */
export const stages: readonly Stage[] = [capture, train, evaluate, cascade, necessity, audit, indexCodes, drawFigures];

/**
 * Runs every stage of a run, reusing what an earlier job finished, and writes runs/<id>/results.json. Rejects with an
 * AbortError when cancelled.
 */
export async function runPipeline(context: StageContext): Promise<void> {
  for (const stage of stages) {
    context.signal.throwIfAborted();
    const started = performance.now();
    context.emit({ type: 'stage', stage: stage.id, state: 'started' });
    const outcome = await stage.run(context);
    const seconds = (performance.now() - started) / 1000;
    context.emit({ type: 'stage', stage: stage.id, state: outcome === 'done' ? 'finished' : 'reused', seconds });
    await setImmediate();
  }
  await writeResultsFile(context.project, context.runId);
}

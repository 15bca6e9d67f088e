import { describe, expect, it, onTestFinished } from 'vitest';
import { readResult, resultsDocument, writeResult } from './results.ts';
import { runInProject, temporaryProject } from './test-project.ts';

const row = { layer: 0, cosine: 0.9, mse: 0.1, r2: 0.8, l0: 32, dead: 0.01 };
const reconstruction = { cls: [row], patches: [row], all: [row] };
const zeroShot = { top1: 0.6, top5: 0.9, n: 2 };

describe('results', () => {
  it('become the document once every required section is there', async () => {
    const project = await temporaryProject(onTestFinished);
    const run = await runInProject(project);
    const result = { runId: run.id, stage: 'evaluate', seconds: 2 };
    await writeResult(project, { runId: run.id, stage: 'capture', key: 'capture', section: { tokens: 5 }, seconds: 3 });
    await writeResult(project, { ...result, key: 'reconstruction', section: reconstruction });
    await expect(resultsDocument(project, run.id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('zeroShot'),
    });
    await writeResult(project, { ...result, key: 'zeroShot', section: zeroShot });
    expect(await resultsDocument(project, run.id)).toEqual({
      schemaVersion: 1,
      run: {
        id: run.id,
        config: run.recipe,
        seed: 0,
        model: { name: 'mini-clip', sha256: 'ab' },
        dataset: { name: 'emoji', sha256: 'cd', train: 8, test: 2 },
      },
      reconstruction,
      zeroShot,
      timings: { capture: 3, evaluate: 4 },
    });
    expect(await readResult(project, run.id, 'capture', 'capture')).toEqual({ tokens: 5 });
    expect(await readResult(project, run.id, 'capture', 'other')).toBeUndefined();
  });

  it('are written once', async () => {
    const project = await temporaryProject(onTestFinished);
    const run = await runInProject(project);
    const result = { runId: run.id, stage: 'evaluate', key: 'zeroShot', section: zeroShot, seconds: 2 };
    await writeResult(project, result);
    await writeResult(project, { ...result, section: { n: 2, top5: 0.9, top1: 0.6 }, seconds: 9 });
    await expect(writeResult(project, { ...result, section: { ...zeroShot, top1: 0.7 } })).rejects.toThrow('differs');
    expect(await readResult(project, run.id, 'evaluate', 'zeroShot')).toEqual(zeroShot);
  });

  it('of a shape that the document does not allow are refused', async () => {
    const project = await temporaryProject(onTestFinished);
    const run = await runInProject(project);
    const result = { runId: run.id, stage: 'evaluate', key: 'zeroShot', seconds: 0 };
    await expect(writeResult(project, { ...result, section: { top1: 60 } })).rejects.toThrow('top1');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chosenImages, imagesAt } from '../store/image-choice.ts';
import type { Project } from '../store/project-folder.ts';
import { demoProject } from '../testing/project.ts';
import { EngineService } from './engine-service.ts';

let dir: string;
let project: Project;
let engine: EngineService;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strata-engine-service-'));
  project = await demoProject(join(dir, 'project'));
  engine = new EngineService(project.dir);
});
afterAll(async () => {
  engine.close();
  await project.close();
  rmSync(dir, { recursive: true });
});

const asked = (image: number) => ({ model: 'mini-clip', dataset: 'emoji', image });

test('predictions of the frozen model: mostly right, probabilities of five classes, errors with their code', async () => {
  const indices = Array.from(await chosenImages(project, 'emoji', 'test', { maxImages: 12, seed: 0 }));
  const images = await imagesAt(project, 'emoji', indices);
  const answers = await Promise.all(indices.map((image) => engine.ask('predictImage', asked(image))));
  const hits = answers.filter(({ top }, at) => top.some(({ classIndex }) => classIndex === images[at].classIndex));
  // The model card says 87 % for the five best.
  expect(hits.length).toBeGreaterThanOrEqual(8);
  for (const { top } of answers) {
    const shares = top.map(({ probability }) => probability);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    expect(shares.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(1);
  }
  await expect(engine.ask('predictImage', { ...asked(0), model: 'other' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('a question is cancelled, and a killed process is started again', async () => {
  await expect(engine.ask('predictImage', asked(0), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  const controller = new AbortController();
  const first = engine.ask('predictImage', asked(0));
  const second = engine.ask('predictImage', asked(1), controller.signal);
  controller.abort();
  await expect(second).rejects.toMatchObject({ name: 'AbortError' });
  await expect(first).resolves.toMatchObject({ top: expect.anything() });
  const third = engine.ask('predictImage', asked(2));
  engine.close();
  await expect(third).rejects.toMatchObject({ code: 'JOB_FAILED' });
  await expect(engine.ask('predictImage', asked(2))).resolves.toMatchObject({ top: expect.anything() });
});

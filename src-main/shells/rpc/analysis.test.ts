import { createRouterClient } from '@orpc/server';
import { expect, onTestFinished, test } from 'vitest';
import { writeResult } from '../../store/results.ts';
import { runInProject, temporaryProject } from '../../store/test-project.ts';
import { storeRandomResults } from '../../testing/stored-results.ts';
import { rpcRouter } from './router.ts';
import { Workbench } from './workbench.ts';

async function opened(flips: boolean) {
  const project = await temporaryProject(onTestFinished);
  const run = await runInProject(project);
  await storeRandomResults(project, run, { layers: 3, flips });
  const workbench = new Workbench('1.2.3', project.dir);
  onTestFinished(() => workbench.close());
  return { run, project, client: createRouterClient(rpcRouter, { context: { workbench } }) };
}

test('flips name the images with their class, before and after; an older run has none', async () => {
  const { client, run } = await opened(true);
  const answer = await client.analysis.flips({ runId: run.id, from: 1, tokens: 'all' });
  expect(answer?.classes).toEqual(['tabby', 'hound']);
  // The two test images of ten: one was right before, the other afterwards.
  expect(answer?.flips).toEqual([
    { image: 4, truth: 0, before: 0, after: 1 },
    { image: 9, truth: 1, before: 0, after: 1 },
  ]);
  expect(await client.analysis.flips({ runId: run.id, from: 9, tokens: 'all' })).toBeNull();
  await expect(client.analysis.flips({ runId: 'other', from: 0, tokens: 'cls' })).rejects.toMatchObject({
    code: 'EXPECTED',
    data: { code: 'NOT_FOUND' },
  });
  const older = await opened(false);
  expect(await older.client.analysis.flips({ runId: older.run.id, from: 1, tokens: 'all' })).toBeNull();
});

test('a window that changes no image is no window without a record', async () => {
  const { client, run, project } = await opened(false);
  const section = [{ from: 0, tokens: 'cls', flips: [] }];
  await writeResult(project, { runId: run.id, stage: 'cascade', key: 'flips', section, seconds: 0 });
  const answer = await client.analysis.flips({ runId: run.id, from: 0, tokens: 'cls' });
  expect(answer).toEqual({ classes: ['tabby', 'hound'], flips: [] });
});

test('the basket of figures: put aside, changed, drawn outside this process', async () => {
  const { client, run } = await opened(false);
  expect(await client.figures.basket()).toEqual([]);
  const item = await client.figures.add({ figure: 'audit', runs: [run.id] });
  await client.figures.change({ id: item.id, width: 'single', formats: ['svg'], caption: 'Mine.' });
  const kept = { ...item, width: 'single', formats: ['svg'], caption: 'Mine.' };
  expect(await client.figures.basket()).toEqual([kept]);
  const listed = await client.figures.list();
  expect(listed).toContainEqual({ id: 'audit', title: 'Audit of the contribution scores' });
  const file = await client.figures.render({ ...kept, width: 'single', format: 'svg' });
  expect(file).toMatchObject({ fileName: 'audit-single.svg', mediaType: 'image/svg+xml', caption: 'Mine.' });
  expect(Buffer.from(file.base64, 'base64').toString()).toContain('width="3.25in"');
  const { dir, files } = await client.figures.write();
  expect(files.map((name) => name.slice(dir.length + 1))).toEqual(['01-audit-single.svg', '01-audit.json']);
  await client.figures.move({ id: item.id, to: 0 });
  await client.figures.remove({ id: item.id });
  expect(await client.figures.basket()).toEqual([]);
  await expect(client.figures.write()).rejects.toMatchObject({ message: expect.stringContaining('basket is empty') });
}, 30_000);

import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Job } from '../src-main/contract/job.ts';
import type { Results } from '../src-main/contract/results.ts';
import { call } from './fixtures/rpc.ts';
import { makeTinyProject } from './fixtures/tiny-project.ts';
import { expect, test } from './fixtures/workbench.ts';

let tiny: Awaited<ReturnType<typeof makeTinyProject>>;

test.beforeEach(async () => {
  tiny = await makeTinyProject();
});

test.afterEach(() => rm(tiny.dir, { recursive: true, force: true, maxRetries: 5 }));

test('a run is carried out by a process that the application starts', async ({ open }) => {
  // Ten seconds of work, on a machine that may have other things to do.
  test.setTimeout(240_000);
  const page = await open(tiny.projectDir);
  const job = await call<Job>(page, '/jobs/start', { runId: tiny.runId });
  expect(job.state).toBe('queued');
  let ended = job;
  const isActive = async () => {
    [ended] = await call<Job[]>(page, '/jobs/list');
    return ['queued', 'running', 'cancelling'].includes(ended.state);
  };
  await expect.poll(isActive, { timeout: 200_000, intervals: [500] }).toBe(false);
  expect(ended).toMatchObject({ state: 'succeeded', error: null });
  const results = await call<Results>(page, '/runs/results', { runId: tiny.runId });
  expect(results.reconstruction.all).toHaveLength(8);
  const log = await readFile(path.join(tiny.projectDir, 'runs', tiny.runId, 'log'), 'utf8');
  expect(log).toContain('job succeeded');
});

test('questions are answered by a process of their own, and providers are tried in another', async ({ open }) => {
  const page = await open(tiny.projectDir);
  const providers = await call<{ name: string; ok: boolean }[]>(page, '/system/providers');
  expect(providers).toContainEqual(expect.objectContaining({ name: 'cpu', ok: true }));
  const prediction = await call<{ top: unknown[] }>(page, '/data/predict', {
    dataset: 'colours',
    model: 'mini-clip',
    image: 0,
  });
  expect(prediction.top.length).toBeGreaterThan(0);
});

test('images of the open project reach its page', async ({ open }) => {
  const page = await open(tiny.projectDir);
  const sizeOf = (address: string) =>
    page.evaluate(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    }, address);
  expect(await sizeOf('/image/colours/3?size=32')).toEqual([32, 32]);
  expect(await sizeOf('/image/colours/3?size=512')).toEqual([64, 64]);
});

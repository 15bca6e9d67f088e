import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { Preflight } from '../src-main/contract/preflight.ts';
import type { ProjectSummary } from '../src-main/contract/rpc/project.ts';
import { expectAccessible } from './fixtures/accessible.ts';
import { makeProject } from './fixtures/project.ts';
import { call } from './fixtures/rpc.ts';
import { makeTinyProject } from './fixtures/tiny-project.ts';
import { expect, type Shell, test } from './fixtures/workbench.ts';
import { DataPage } from './pages/data-page.ts';
import { HomePage } from './pages/home-page.ts';
import { ModelsPage } from './pages/models-page.ts';

test.setTimeout(180_000);

let dir: string;
let tiny: Awaited<ReturnType<typeof makeTinyProject>>;

test.beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'strata-home-'));
  tiny = await makeTinyProject();
});

/** Where projects are opened and made; `strata serve` always has one open already. */
async function start(open: (dir?: string) => Promise<Page>, shell: Shell): Promise<{ page: Page; home: HomePage }> {
  const page = await open(shell === 'serve' ? tiny.projectDir : undefined);
  const home = new HomePage(page);
  await home.go('/open');
  await expect(home.heading).toHaveText(shell === 'serve' ? 'Another project' : 'Open a project or make one');
  return { page, home };
}

test.afterEach(async () => {
  for (const made of [dir, tiny.dir]) await rm(made, { recursive: true, force: true, maxRetries: 5 });
});

test('from nothing to the sample: its images, a prediction, its model and the demo recipe', async ({
  open,
  shell,
}, info) => {
  const { page, home } = await start(open, shell);
  await expectAccessible(page, info, 'start');
  await home.exploreSample(path.join(dir, 'sample'));
  await expect(home.progress).toBeVisible();
  // The window answers while thousands of images are decoded.
  const times: number[] = [];
  while ((await home.progress.count()) > 0) {
    const asked = performance.now();
    await call<ProjectSummary>(page, '/project/summary');
    times.push(performance.now() - asked);
  }
  expect(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]).toBeLessThan(100);
  await expect(page.getByText('Imported emoji')).toBeVisible();
  await expect(home.datasets).toBeVisible();
  expect(await home.firstRow(home.datasets)).toMatchObject({ Images: '10,665', Train: '8,725', Test: '1,222' });
  expect(await home.firstRow(home.models)).toMatchObject({ Name: 'mini-clip', Layers: '8', Width: '192' });
  await expect(page.getByRole('link', { name: 'Whole demo' })).toHaveAttribute('href', /runs\/new\?template=demo$/);
  await expectAccessible(page, info, 'sample');

  const data = new DataPage(page);
  await page.getByRole('link', { name: 'emoji', exact: true }).click();
  await expect(data.cells.first()).toBeVisible();
  await data.search('cat-or-monkey');
  await expect(data.found('74 of 10,665 images')).toBeVisible();
  await data.cells.first().click();
  await expect(data.prediction).toBeVisible({ timeout: 60_000 });
  expect(await data.predicted()).toHaveLength(5);
  await page.keyboard.press('Escape');
  await expect(data.bigView).toBeHidden();

  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('link', { name: 'mini-clip' }).click();
  await expect(new ModelsPage(page).heading).toHaveText('mini-clip');

  await home.go();
  await page.getByRole('link', { name: 'Demo in a hurry' }).click();
  await expect(page).toHaveURL(/#\/runs\/new\?template=demo-quick$/);
});

test('an import is stopped, and nothing of it is kept', async ({ open, shell }) => {
  const { page, home } = await start(open, shell);
  await home.exploreSample(path.join(dir, 'sample'));
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('Stopped importing emoji')).toBeVisible();
  const summary = await call<ProjectSummary>(page, '/project/summary');
  expect(summary.datasets).toEqual([]);
  expect(summary.models).toEqual(['mini-clip']);
  await page.getByRole('button', { name: /^Dismiss/ }).click();
  await expect(page.getByText('Stopped importing emoji')).toBeHidden();
});

test('a new project in three steps, by keyboard alone, with what the run needs', async ({ open, shell }, info) => {
  const { page, home } = await start(open, shell);
  await page.getByLabel('New or empty folder').fill(path.join(dir, 'own'));
  await page.keyboard.press('Enter');
  await expect(home.heading).toHaveText('Set up the project');
  await page.getByRole('button', { name: 'Use mini-clip' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Folder or tar archive').focus();
  await page.keyboard.insertText(path.join(tiny.dir, 'images'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: 'What was found' })).toContainText('24 images in 2 classes');
  await expectAccessible(page, info, 'setup-data');
  await page.getByRole('button', { name: 'Import 24 images' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Imported images')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Next' })).toBeEnabled();
  await page.getByRole('button', { name: 'Next' }).focus();
  await page.keyboard.press('Enter');
  const needs = page.getByRole('table', { name: 'What it needs' });
  await expect(needs).toContainText('16');
  const recipe = {
    name: 'x',
    model: 'mini-clip',
    dataset: 'images',
    train: { sparsifier: { kind: 'relu-topk', k: 32 } },
  };
  const preflight = await call<Preflight>(page, '/project/preflight', { recipe });
  await expect(needs).toContainText(`${preflight.tokens}`);
  await page.getByRole('button', { name: /^Measure this machine/ }).click();
  await expect(page.getByRole('table', { name: 'How long it takes' })).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page, info, 'setup-run');
  await page.getByRole('button', { name: 'Start this run' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/runs\/images-quick-/);
});

test('the open project at a glance says what the results document says', async ({ open }, info) => {
  const made = await makeProject();
  const page = await open(made.dir);
  const home = new HomePage(page);
  await home.go();
  await expect(home.heading).toHaveText('my-project');
  const { all } = made.results.reconstruction;
  const mean = (key: 'cosine' | 'r2' | 'l0') => all.reduce((sum, row) => sum + row[key], 0) / all.length;
  const rows = home.runs.locator('tbody tr');
  await expect(rows).toHaveCount(2);
  const cells = await rows.filter({ hasText: 'measured' }).getByRole('cell').allInnerTexts();
  expect(cells.slice(5, 9)).toEqual([
    mean('cosine').toFixed(3),
    mean('r2').toFixed(3),
    mean('l0').toFixed(1),
    `${(100 * made.results.zeroShot.top1).toFixed(1)} %`,
  ]);
  await expectAccessible(page, info, 'glance');
  await rm(path.dirname(made.dir), { recursive: true, force: true, maxRetries: 5 });
});

test('a folder that is no project is named, with what to do, and the open project stays', async ({ open }) => {
  const page = await open(tiny.projectDir);
  await new HomePage(page).go('/open');
  await page.getByLabel('Project folder').fill(dir);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText(`${dir} is not a Strata project`);
  const summary = await call<ProjectSummary>(page, '/project/summary');
  expect(summary.name).toBe('tiny-project');
});

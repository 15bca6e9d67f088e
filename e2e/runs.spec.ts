import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Page, type TestInfo } from '@playwright/test';
import type { Results } from '../src-main/contract/results.ts';
import { startServing } from './fixtures/serving.ts';
import { makeTinyProject } from './fixtures/tiny-project.ts';
import { expect, test } from './fixtures/workbench.ts';
import { RunsPage } from './pages/runs-page.ts';
import { chromiumOptions } from './standin/chromium.ts';

/** A recipe of seconds; `steps` decides how many. */
const recipe = (name: string, steps: number) => `name: ${name}
dataset: colours
train:
  features: 96
  steps: ${steps}
  batchTokens: 64
  evaluateEvery: 2
evaluate: {maxImages: 4, replacementImages: 2, promptTemplates: simple}
index: {maxImages: 8, queries: 2}
`;

const endless = 200_000;

let tiny: Awaited<ReturnType<typeof makeTinyProject>>;

test.setTimeout(240_000);

/** Most of what a run takes here is starting, eight stages over. */
const carriedOut = { timeout: 150_000 };
const soon = { timeout: 60_000 };

test.beforeEach(async () => {
  tiny = await makeTinyProject();
});

test.afterEach(() => rm(tiny.dir, { recursive: true, force: true, maxRetries: 5 }));

/** Writes a recipe into the editor and starts it; the id of its run. */
async function startRun(page: Page, text: string): Promise<string> {
  const runs = new RunsPage(page);
  await runs.go('/new');
  await runs.yaml.fill(text);
  await runs.start.click();
  await expect(page).toHaveURL(/#\/runs\/(?!new)/);
  return new URL(page.url()).hash.split('/')[2];
}

async function looksRight(page: Page, info: TestInfo, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    await page.screenshot({ path: info.outputPath(`${name}-${colorScheme}.png`) });
    // The stand-in's windows cannot open others, which axe would do for its report.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

test('a recipe is typed and started by keyboard alone, and its charts follow the training', async ({ open }, info) => {
  const page = await open(tiny.projectDir);
  const runs = new RunsPage(page);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await page.keyboard.press('Alt+n');
  await expect(runs.heading).toHaveText('Recipe');
  for (let tabs = 0; tabs < 90 && !(await runs.yaml.evaluate((it) => it === document.activeElement)); tabs++) {
    await page.keyboard.press('Tab');
  }
  await expect(runs.yaml).toBeFocused();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(recipe('typed', 30));
  await expect(runs.start).toBeEnabled();
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(runs.heading).toHaveText('typed');

  await expect.poll(async () => (await runs.reading('Loss')).step, soon).toBeGreaterThan(0);
  await expect(runs.state('succeeded')).toBeVisible(carriedOut);
  const id = new URL(page.url()).hash.split('/')[2];
  const results: Results = JSON.parse(await readFile(path.join(tiny.projectDir, 'runs', id, 'results.json'), 'utf8'));
  const rows = results.reconstruction.all;
  const r2 = rows.reduce((sum, row) => sum + row.r2, 0) / rows.length;
  await expect(page.getByRole('group', { name: 'Measured on the test split' })).toContainText(`R² ${r2.toFixed(3)}`);
  await expect(runs.stages.getByRole('listitem')).toHaveCount(8);
  await expect(runs.stages.getByText('done', { exact: true })).toHaveCount(8);

  // The same charts from what was stored.
  await page.reload();
  await expect.poll(async () => (await runs.reading('Loss')).step).toBe(30);
  expect((await runs.reading('R², held-out tokens')).text.split(', ')).toHaveLength(8);
  await runs.chart('Loss').focus();
  await page.keyboard.press('Home');
  expect((await runs.reading('Loss')).step).toBe(2);
  await page.keyboard.press('ArrowRight');
  expect((await runs.reading('R², held-out tokens')).step).toBe(4);
  await page.keyboard.press('+');
  await expect(runs.button('Show all steps')).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(runs.button('Show all steps')).toBeDisabled();
  await looksRight(page, info, 'run');
});

test('mistakes in a recipe are named with their line, and the form and the text stay in step', async ({
  open,
}, info) => {
  const page = await open(tiny.projectDir);
  const runs = new RunsPage(page);
  await runs.go('/new');
  await runs.yaml.fill('name: typo\ndataset: colors\ntrain:\n  stepz: 5\n');
  await expect(runs.problems).toContainText("Line 2 dataset 'colors' is no data set of this project (it has: colours)");
  await looksRight(page, info, 'mistakes');
  await runs.yaml.fill('name: typo\ndataset: colours\ntrain:\n  stepz: 5\n');
  await expect(runs.problems).toContainText('Line 4 train.stepz unknown key (did you mean steps?)');
  await expect(runs.problems).not.toContainText('colors');
  await expect(runs.start).toBeDisabled();

  await runs.yaml.fill('name: typo # mine\ndataset: colours\ntrain:\n  steps: 5\n');
  await expect(runs.field('steps')).toHaveValue('5');
  await runs.field('steps').fill('7');
  await runs.field('sparsifier').selectOption('jumprelu');
  await runs.field('sparsifier.lambda').fill('1e-3');
  await runs.field('name').fill('better');
  await expect(runs.yaml).toHaveValue(
    'name: better # mine\ndataset: colours\ntrain:\n  steps: 7\n  sparsifier:\n    kind: jumprelu\n    lambda: 0.001\n',
  );
  await expect(runs.start).toBeEnabled();
  // What was written outlives a reload.
  await page.reload();
  await expect(runs.field('name')).toHaveValue('better');
  await runs.field('model').selectOption('mini-clip');
  await expect(runs.yaml).toHaveValue(/model: mini-clip/);
});

test('a run is stopped, resumed, and cancelled from the drawer', async ({ open }, info) => {
  const page = await open(tiny.projectDir);
  const runs = new RunsPage(page);
  await startRun(page, recipe('long', endless));
  await expect.poll(async () => (await runs.reading('Loss')).step, soon).toBeGreaterThan(4);
  await runs.button('Stop').click();
  await expect(runs.state('cancelled')).toBeVisible(soon);
  const { step } = await runs.reading('Loss');
  await runs.button('Resume').click();
  await expect(runs.state('running')).toBeVisible(soon);
  await expect.poll(async () => (await runs.reading('Loss')).step, soon).toBeGreaterThan(step);

  // A second run waits for the first, and a reload loses neither.
  await startRun(page, recipe('waiting', 4));
  await page.reload();
  await expect(runs.heading).toHaveText('waiting');
  await page.keyboard.press('ControlOrMeta+J');
  await expect(runs.drawer.getByRole('region', { name: 'Running' })).toContainText('long-');
  await expect(runs.drawer.getByRole('region', { name: 'Queued' })).toContainText('waiting-');
  await expect(runs.drawer.getByText(/of 200,000 steps/)).toBeVisible();
  await looksRight(page, info, 'jobs');
  await runs.drawer.getByRole('button', { name: /Cancel waiting-/ }).click();
  await runs.drawer.getByRole('button', { name: /Cancel long-/ }).click();
  await expect(runs.drawer.getByRole('region', { name: 'Past' }).getByText('cancelled')).toHaveCount(3, soon);
  await expect(runs.drawer.getByRole('region', { name: 'Running' })).toHaveCount(0);
  await runs.drawer
    .getByRole('link', { name: /Log of long-/ })
    .first()
    .click();
  await expect(page.getByRole('region', { name: 'Log' })).toContainText('job cancelled');
});

test('a run is forked with a change, and the two are compared', async ({ open }, info) => {
  const page = await open(tiny.projectDir);
  const runs = new RunsPage(page);
  const first = await startRun(page, recipe('first', 8));
  await page.getByRole('link', { name: 'Fork' }).click();
  await expect(runs.yaml).toHaveValue(/name: first/);
  await runs.field('name').fill('second');
  await runs.field('seed').fill('3');
  await expect(runs.start).toBeEnabled();
  await runs.start.click();
  await expect(runs.heading).toHaveText('second');
  await expect(runs.state('succeeded')).toBeVisible(carriedOut);

  await runs.go();
  for (const name of ['first', 'second']) await runs.row(name).getByRole('checkbox').check();
  await runs.button('Compare').click();
  await expect(runs.heading).toHaveText('2 runs compared');
  await expect(page.getByRole('status').filter({ hasText: 'recipe keys differ' })).toContainText(/^2 of/);
  await expect(runs.comparison.getByRole('row', { name: /^seed/ })).toContainText('3');
  await expect.poll(async () => (await runs.reading('Loss')).text).toMatch(/second .*, first /);
  await looksRight(page, info, 'compare');
  const address = page.url();
  await page.goBack();
  await expect(runs.table).toBeVisible();
  await page.goForward();
  expect(page.url()).toBe(address);
  await expect(runs.comparison).toContainText('second');
  expect(address).toContain(first);
});

test('runs are tagged, found, sorted and deleted', async ({ open }, info) => {
  const page = await open(tiny.projectDir);
  const runs = new RunsPage(page);
  const done = await startRun(page, recipe('another', 4));
  await expect(runs.state('succeeded')).toBeVisible(carriedOut);
  await runs.go();
  await expect.poll(() => runs.names()).toEqual(['another', 'tiny']);
  await runs.button('Tags and note of tiny').click();
  await runs.dialog.getByRole('combobox', { name: 'Tags' }).fill('paper');
  await page.keyboard.press('Enter');
  await runs.dialog.getByLabel('Note').fill('with a larger k');
  await runs.dialog.getByRole('button', { name: 'Save' }).click();
  await expect(runs.row('tiny')).toContainText('with a larger k');
  await looksRight(page, info, 'table');

  await runs.table.getByRole('button', { name: 'Run', exact: true }).click();
  await runs.table.getByRole('button', { name: 'Run' }).click();
  await expect.poll(() => runs.names()).toEqual(['tiny', 'another']);
  await page.getByRole('textbox', { name: /Find runs/ }).fill('paper larger');
  await expect.poll(() => runs.names()).toEqual(['tiny']);
  // The view is in the address.
  await page.reload();
  await expect.poll(() => runs.names()).toEqual(['tiny']);
  await page.getByRole('textbox', { name: /Find runs/ }).fill('');

  const dir = path.join(tiny.projectDir, 'runs', done);
  expect(existsSync(dir)).toBe(true);
  await runs.row('another').getByRole('checkbox').check();
  await runs.button('Delete…').click();
  await expect(runs.dialog).toContainText(/Frees .*B: .* of the run, .* of activation shards that no other run/);
  await looksRight(page, info, 'delete');
  await runs.dialog.getByRole('button', { name: 'Keep' }).click();
  await runs.button('Delete…').click();
  await runs.dialog.getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => runs.names()).toEqual(['tiny']);
  await expect.poll(() => existsSync(dir)).toBe(false);
});

test('two windows on one project stay in step', async ({ configDir }) => {
  const serving = await startServing(configDir, tiny.projectDir);
  const browser = await chromium.launch(chromiumOptions);
  const context = await browser.newContext();
  const [one, other] = [await context.newPage(), await context.newPage()];
  await one.goto(serving.url);
  await other.goto(serving.url);
  const watched = new RunsPage(other);
  await watched.go();
  await expect.poll(() => watched.names()).toEqual(['tiny']);
  await startRun(one, recipe('shared', endless));
  await expect.poll(() => watched.names()).toEqual(['shared', 'tiny']);
  await watched.table.getByRole('link', { name: 'shared' }).click();
  await expect.poll(async () => (await watched.reading('Loss')).step, soon).toBeGreaterThan(2);
  await watched.button('Stop').click();
  await expect(new RunsPage(one).state('cancelled')).toBeVisible(soon);
  await browser.close();
  await serving.close();
});

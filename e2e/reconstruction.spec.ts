import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeProject } from './fixtures/project.ts';
import { expect, test } from './fixtures/workbench.ts';
import { ReconstructionPage } from './pages/reconstruction-page.ts';

let dir: string;

test.beforeAll(async () => {
  ({ dir } = await makeProject());
});

test.afterAll(() => rm(path.dirname(dir), { recursive: true }));

test('without a project it says how to make one', async ({ open }, info) => {
  const page = await open();
  await expect(new ReconstructionPage(page).heading).toHaveText('No project is open');
  await expect(page.getByText('npm run demo')).toBeVisible();
  await page.screenshot({ path: info.outputPath('no-project.png') });
});

test('a folder that is no project is named, with what to do', async ({ open }) => {
  const page = await open(path.dirname(dir));
  await expect(page.getByRole('alert')).toContainText(`${path.dirname(dir)} is not a Strata project`);
});

test('table and charts show the results document', async ({ open }) => {
  const page = new ReconstructionPage(await open(dir));
  await expect(page.heading).toHaveText('measured');
  const results = JSON.parse(await readFile(path.join(dir, 'results.json'), 'utf8'));
  for (const [group, label] of [
    ['all', 'all'],
    ['cls', 'CLS'],
    ['patches', 'patches'],
  ]) {
    await page.chooseTokens(label);
    await expect(page.tokenGroup(label)).toBeChecked();
    const rows: Record<string, number>[] = results.reconstruction[group];
    const expected = rows.map(({ layer, cosine, mse, r2, l0, dead }) => [
      String(layer),
      cosine.toFixed(3),
      mse.toPrecision(3),
      r2.toFixed(3),
      l0.toFixed(1),
      `${(100 * dead).toFixed(1)} %`,
    ]);
    expect((await page.cells()).slice(1, -1)).toEqual(expected);
  }
  await expect(page.charts).toHaveCount(2);
});

test('a run without results says why and what next', async ({ open }) => {
  const page = await open(dir);
  const reconstruction = new ReconstructionPage(page);
  await expect(reconstruction.runs).toHaveCount(2);
  await reconstruction.choose('failed');
  await expect(reconstruction.heading).toHaveText('failed has no results yet');
  await expect(page.getByText('the disk is full')).toBeVisible();
});

test('the keyboard reaches every control', async ({ open }) => {
  const page = await open(dir);
  const reconstruction = new ReconstructionPage(page);
  await expect(reconstruction.heading).toHaveText('measured');
  await page.keyboard.press('Tab');
  await expect(reconstruction.runs.first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(reconstruction.heading).toHaveText('failed has no results yet');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(reconstruction.heading).toHaveText('measured');
  await reconstruction.tokenGroup('all').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(reconstruction.tokenGroup('patches')).toBeChecked();
});

test('a reloaded window shows the same again', async ({ open }) => {
  const page = await open(dir);
  const reconstruction = new ReconstructionPage(page);
  await expect(reconstruction.table).toBeVisible();
  await page.reload();
  await expect(reconstruction.table).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page in ${colorScheme}`, async ({ open }, info) => {
    const page = await open(dir);
    await page.emulateMedia({ colorScheme });
    await expect(new ReconstructionPage(page).table).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    const file = info.outputPath(`reconstruction-${colorScheme}.png`);
    await page.screenshot({ path: file });
    await info.attach(`reconstruction-${colorScheme}`, { path: file, contentType: 'image/png' });
    // Nothing is cut off sideways at the window's first size.
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
}

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

test('without a project it says how to make one', async ({ open }) => {
  const page = await open();
  await expect(new ReconstructionPage(page).heading).toHaveText('No project is open');
  await expect(page.getByText('npm run demo')).toBeVisible();
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
    await page.tokenGroup(label).check({ force: true });
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

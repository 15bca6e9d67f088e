import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Accuracy, Confusion } from '../src-main/contract/rpc/models.ts';
import { expectAccessible } from './fixtures/accessible.ts';
import { root } from './fixtures/paths.ts';
import { call } from './fixtures/rpc.ts';
import { makeTinyProject } from './fixtures/tiny-project.ts';
import { expect, test } from './fixtures/workbench.ts';
import { ModelsPage } from './pages/models-page.ts';

test.setTimeout(120_000);

let tiny: Awaited<ReturnType<typeof makeTinyProject>>;

test.beforeEach(async () => {
  tiny = await makeTinyProject();
});

test.afterEach(() => rm(tiny.dir, { recursive: true, force: true, maxRetries: 5 }));

test('a model with its card; its accuracy and confusion are measured on request', async ({ open }, info) => {
  const page = await open(tiny.projectDir);
  const models = new ModelsPage(page);
  await models.go();
  await expectAccessible(page, info, 'models');
  await page.getByRole('link', { name: 'mini-clip' }).click();
  await expect(models.heading).toHaveText('mini-clip');
  await expect(models.architecture).toContainText('4,511,489 parameters');
  await page.getByRole('button', { name: 'MODEL_CARD.md' }).click();
  await expect(models.provenance).toContainText('trained from scratch on 8725 small drawings');
  await models.measure.click();
  await expect(models.pairs.or(page.getByText('All 8 test images are classified rightly.'))).toBeVisible({
    timeout: 60_000,
  });
  const [accuracy] = await call<Accuracy[]>(page, '/models/accuracies', { model: 'mini-clip' });
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  expect(accuracy).toMatchObject({ dataset: 'colours', run: null, n: 8 });
  expect(await models.rows(models.accuracy)).toEqual([
    ['colours', 'whole test split', '8', percent(accuracy.top1), percent(accuracy.top5)],
  ]);
  const asked = { model: 'mini-clip', dataset: 'colours' };
  const { pairs, top1 } = await call<Confusion>(page, '/models/confusion', asked);
  expect(pairs.reduce((sum, { images }) => sum + images, 0)).toBe(Math.round(8 * (1 - top1)));
  const rows = pairs.length === 0 ? [] : await models.rows(models.pairs);
  expect(rows.map((row) => row.slice(0, 4))).toEqual(
    pairs.map(({ className, takenFor, images, of }) => [className, takenFor, `${images}`, `${of}`]),
  );
  await expectAccessible(page, info, 'model');
});

test('a folder is looked at before it is added, and one that is no model is named', async ({ open }, info) => {
  const page = await open(tiny.projectDir);
  const models = new ModelsPage(page);
  await models.go('/_add');
  const field = page.getByLabel('Folder of a CLIP model');
  await field.fill(tiny.dir);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('config.json: there is no such file');
  await field.fill(path.join(root, 'models/mini-clip'));
  await page.keyboard.press('Enter');
  await expect(models.architecture).toContainText('64 × 64 pixels');
  await expectAccessible(page, info, 'add-model');
  await page.getByLabel('Name in the project').fill('again');
  await page.getByRole('button', { name: 'Add the model' }).click();
  await expect(models.heading).toHaveText('again');
});

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ImageRow } from '../src-main/contract/rpc/data.ts';
import { expectAccessible } from './fixtures/accessible.ts';
import { writeFolderWithCorruptFiles } from './fixtures/image-folder.ts';
import { call } from './fixtures/rpc.ts';
import { makeTinyProject } from './fixtures/tiny-project.ts';
import { expect, test } from './fixtures/workbench.ts';
import { DataPage } from './pages/data-page.ts';

test.setTimeout(120_000);

let tiny: Awaited<ReturnType<typeof makeTinyProject>>;

test.beforeEach(async () => {
  tiny = await makeTinyProject();
});

test.afterEach(() => rm(tiny.dir, { recursive: true, force: true, maxRetries: 5 }));

test('a folder with corrupt files is imported without them, and they are listed with the reason', async ({
  open,
}, info) => {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'strata-pets-'));
  const corrupt = await writeFolderWithCorruptFiles(path.join(dir, 'pets'));
  const page = await open(tiny.projectDir);
  const data = new DataPage(page);
  await data.go('/_import');
  await data.importFolder(path.join(dir, 'pets'));
  await expect(page.getByText('Imported pets')).toBeVisible();
  await expect(page.getByText('skipped as unreadable: 3')).toBeVisible();
  await expectAccessible(page, info, 'import');
  await data.go('/pets/skipped');
  await expect(data.skipped.locator('tbody tr')).toHaveCount(3);
  expect(await data.skipped.getByRole('rowheader').allInnerTexts()).toEqual(corrupt);
  for (const reason of await data.skipped.getByRole('cell').allInnerTexts()) expect(reason).toContain('cannot be');
  await expectAccessible(page, info, 'skipped');
  await data.go('/pets');
  await expect(data.found('24 images')).toBeVisible();
  await data.drawn(24);
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
});

test('the gallery and the big view by keyboard alone', async ({ open }, info) => {
  const page = await open(tiny.projectDir);
  const data = new DataPage(page);
  await data.go('/colours');
  await expect(data.cells).toHaveCount(24);
  await expectAccessible(page, info, 'gallery');
  await data.gallery.focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'End', 'Home', 'ArrowRight'])
    await page.keyboard.press(key);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/data\/colours\/image\/1$/);
  await expect(data.bigView).toContainText('test/blue/1.png');
  await expect(data.prediction).toBeVisible({ timeout: 60_000 });
  const asked = { dataset: 'colours', model: 'mini-clip', image: 1 };
  const { top } = await call<{ top: { classIndex: number; probability: number }[] }>(page, '/data/predict', asked);
  const names = ['blue', 'red'];
  const expected = top.map(({ classIndex, probability }) => [names[classIndex], `${(100 * probability).toFixed(1)} %`]);
  expect(await data.predicted()).toEqual(expected);
  await expectAccessible(page, info, 'big-view');
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/\/image\/2$/);
  await expect(data.bigView).toContainText('test/blue/2.png');
  await page.keyboard.press('Escape');
  await expect(data.bigView).toBeHidden();
  await expect(data.gallery).toBeFocused();
});

test('filters and images are addresses: opened, reloaded, gone back to', async ({ open }) => {
  const page = await open(tiny.projectDir);
  const data = new DataPage(page);
  await data.go('/colours?split=train&class=1&text=7');
  await expect(data.found('1 of 24 images')).toBeVisible();
  const { images } = await call<{ images: ImageRow[] }>(page, '/data/images', {
    dataset: 'colours',
    split: 'train',
    text: '7',
  });
  const { index, path: file } = images[1];
  expect(file).toBe('train/red/7.png');
  await data.cells.first().click();
  await expect(page).toHaveURL(new RegExp(`#/data/colours/image/${index}\\?split=train&class=1&text=7$`));
  await page.reload();
  await expect(data.bigView).toContainText(file);
  await expect(data.bigView).toContainText('1 of 1');
  await page.goBack();
  await expect(data.bigView).toBeHidden();
  await expect(data.found('1 of 24 images')).toBeVisible();
  await data.search('nothing is called so');
  await expect(page.getByText('No image passes these filters')).toBeVisible();
});

test('classes with their counts, and a data set that is not there', async ({ open }, info) => {
  const page = await open(tiny.projectDir);
  const data = new DataPage(page);
  await data.go();
  await expect(data.heading).toHaveText('Data sets');
  await expectAccessible(page, info, 'sets');
  await data.go('/colours/classes');
  const rows = page.getByRole('table', { name: 'Images by class' }).locator('tbody tr');
  await expect(rows).toHaveCount(2);
  expect((await rows.nth(1).getByRole('cell').allInnerTexts()).slice(0, 3)).toEqual(['1', '8', '4']);
  await expectAccessible(page, info, 'classes');
  await data.go('/nothing');
  await expect(page.getByRole('alert')).toContainText('has no data set nothing (it has: colours)');
});

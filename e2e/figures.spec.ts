import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeRunFigures } from '../src-main/pipeline/figures.ts';
import { openProject } from '../src-main/store/project.ts';
import { expectAccessible } from './fixtures/accessible.ts';
import { type FullProject, makeFullProject } from './fixtures/full-project.ts';
import { call } from './fixtures/rpc.ts';
import { expect, test } from './fixtures/workbench.ts';
import { FiguresPage } from './pages/figures-page.ts';
import { goTo } from './pages/parts.ts';

test.setTimeout(120_000);

let made: FullProject;
test.beforeEach(async () => {
  made = await makeFullProject();
});
test.afterEach(() => made.remove());

/** What the command line writes for the run, by file name. */
async function written(): Promise<(name: string) => Promise<Buffer>> {
  const dir = path.join(path.dirname(made.projectDir), 'written');
  const project = await openProject(made.projectDir);
  await writeRunFigures(project, made.full.run.id, dir);
  await project.close();
  return (name) => readFile(path.join(dir, name));
}

test('from a chart to the basket to files with the bytes of the command line', async ({ open }, info) => {
  const page = await open(made.projectDir);
  const figures = new FiguresPage(page);
  await figures.go();
  await expect(page.getByText('No figure has been put aside')).toBeVisible();
  await expectAccessible(page, info, 'empty');

  await goTo(page, `/fidelity?runs=${made.full.run.id}&view=cascade`);
  await figures.addButton('cascade curves').click();
  await expect(figures.inFigures('cascade curves')).toBeVisible();
  await goTo(page, `/attribution/${made.full.run.id}`);
  await figures.addButton('contribution scores').click();
  await expect(figures.inFigures('contribution scores')).toBeVisible();

  await figures.go();
  await expect(figures.items).toHaveCount(2);
  await expect(figures.preview).toBeVisible({ timeout: 60_000 });
  await expect(figures.items.first()).toContainText('Cascaded replacement');
  await expectAccessible(page, info, 'figures');
  const expected = await written();
  for (const format of ['PDF', 'SVG', 'PNG', 'CSV']) {
    const saved = page.waitForEvent('download');
    await figures.download(format).click();
    const file = await saved;
    const name = format === 'CSV' ? 'cascade.csv' : `cascade-double.${format.toLowerCase()}`;
    expect(file.suggestedFilename()).toBe(name);
    expect(await readFile(await file.path())).toEqual(await expected(name));
  }

  await figures.width('single').click();
  await figures.format('SVG').press('Space');
  await expect(figures.items.first()).toContainText('3.25 in · SVG, PDF');
  await figures.move(1, 'down').click();
  await expect(figures.items.first()).toContainText('Contribution scores');
  await figures.writeAll.click();
  const dir = path.join(made.projectDir, 'figures', 'basket');
  await expect(page.getByText(dir)).toBeVisible({ timeout: 60_000 });
  for (const [name, same] of [
    ['01-contribution-double.pdf', 'contribution-double.pdf'],
    ['02-cascade-single.svg', 'cascade-single.svg'],
    ['02-cascade-single.pdf', 'cascade-single.pdf'],
  ]) {
    expect(await readFile(path.join(dir, name))).toEqual(await expected(same));
  }
});

test('two windows agree, and a caption is kept', async ({ open }) => {
  const [first, second] = [await open(made.projectDir), await open(made.projectDir)];
  const [here, there] = [new FiguresPage(first), new FiguresPage(second)];
  await there.go();
  await call(first, '/figures/add', { figure: 'audit', runs: [made.full.run.id] });
  await expect(there.items).toHaveCount(1);
  await here.go();
  await here.caption.fill('What I think of it.');
  await here.caption.blur();
  await expect(there.caption).toHaveValue('What I think of it.');
  await second.reload();
  await expect(there.caption).toHaveValue('What I think of it.');
  const asked = { figure: 'audit', runs: [made.full.run.id], width: 'single', format: 'svg' };
  const { base64 } = await call<{ base64: string }>(second, '/figures/render', { ...asked, caption: 'Mine & yours.' });
  expect(Buffer.from(base64, 'base64').toString()).toContain('<desc>Mine &amp; yours.</desc>');
  await there.takeOut(1).click();
  await expect(here.items).toHaveCount(0);
});

test('by keyboard alone, and what cannot be drawn is said in words', async ({ open }, info) => {
  const page = await open(made.projectDir);
  const figures = new FiguresPage(page);
  await figures.go();
  await page.getByRole('button', { name: 'Add a figure' }).press('Enter');
  const choice = page.getByRole('combobox', { name: 'Figure', exact: true });
  await expect(choice).toBeFocused();
  await expect(choice).toHaveAttribute('placeholder', 'Choose a figure', { timeout: 60_000 });
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Add to figures' }).press('Enter');
  await expect(figures.items).toHaveCount(1);
  await expect(figures.items.first()).toContainText('Reconstruction by layer', { timeout: 60_000 });
  await call(page, '/figures/add', { figure: 'audit', runs: [made.partial.run.id] });
  await expect(figures.items).toHaveCount(2);
  await figures.items.nth(1).getByRole('button', { name: /audit/ }).press('Enter');
  await expect(figures.sheet.getByRole('alert')).toContainText('has no numbers for the figure', { timeout: 60_000 });
  await expectAccessible(page, info, 'undrawable');
  await figures.items.nth(1).getByRole('button', { name: /audit/ }).press('Alt+ArrowUp');
  await expect(figures.items.first()).toContainText('audit');
  await figures.items.first().getByRole('button', { name: /audit/ }).press('Delete');
  await expect(figures.items).toHaveCount(1);
});

import type { FlipsAnswer } from '../src-main/contract/rpc/analysis.ts';
import { expectAccessible } from './fixtures/accessible.ts';
import { type FullProject, makeFullProject } from './fixtures/full-project.ts';
import { call } from './fixtures/rpc.ts';
import { expect, test } from './fixtures/workbench.ts';
import { FidelityPage } from './pages/fidelity-page.ts';

let made: FullProject;
test.beforeAll(async () => {
  made = await makeFullProject();
});
test.afterAll(() => made.remove());

const groups = [
  ['cls', 'CLS', 'CLS'],
  ['patches', 'patches', 'patches'],
  ['all', 'all', 'all tokens'],
] as const;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const points = (difference: number) => {
  const text = (100 * difference).toFixed(1);
  if (Number(text) === 0) return '0.0';
  return Number(text) > 0 ? `+${text}` : text.replace('-', '−');
};
const one = () => `?runs=${made.full.run.id}`;

test('table and curves show the results document', async ({ open }, info) => {
  const page = await open(made.projectDir);
  const fidelity = new FidelityPage(page);
  // Without a choice, the newest run that is measured.
  await fidelity.go();
  await expect(fidelity.heading).toBeVisible();
  await expect(page.getByText('full, all tokens')).toBeVisible();
  for (const [group, label, words] of groups) {
    await fidelity.tokens(label).click();
    await expect(page.getByText(`full, ${words}, on`)).toBeVisible();
    const rows = made.full.reconstruction[group];
    expect(await fidelity.rows(fidelity.numbers)).toEqual(
      rows.map(({ layer, cosine, mse, r2, l0, dead }) => [
        String(layer),
        cosine.toFixed(3),
        mse.toPrecision(3),
        r2.toFixed(3),
        l0.toFixed(1),
        percent(dead),
      ]),
    );
    const said = (texts: readonly string[]) => texts.map((text, layer) => `full, layer ${layer}: ${text}`);
    expect(await fidelity.pointsOf(`cosine by layer, ${words}`)).toEqual(
      said(rows.map(({ cosine }) => cosine.toFixed(3))),
    );
    expect(await fidelity.pointsOf(`MSE (squared raw activation units, log axis) by layer, ${words}`)).toEqual(
      said(rows.map(({ mse }) => mse.toPrecision(3))),
    );
    expect(await fidelity.pointsOf(`R² (variance explained) by layer, ${words}`)).toEqual(
      said(rows.map(({ r2 }) => r2.toFixed(3))),
    );
  }
  await page.getByRole('switch', { name: 'L0 and dead features' }).click();
  expect(await fidelity.pointsOf('dead features by layer, all tokens')).toEqual(
    made.full.reconstruction.all.map(({ dead }, layer) => `full, layer ${layer}: ${percent(dead)}`),
  );
  await expectAccessible(page, info, 'reconstruction');
});

test('cascade: curves, table, and a point with the images that changed class', async ({ open }, info) => {
  const page = await open(made.projectDir);
  const fidelity = new FidelityPage(page);
  await fidelity.go(`${one()}&view=cascade`);
  const cascade = made.full.cascade ?? [];
  expect(await fidelity.rows(fidelity.cascade)).toEqual(
    cascade.map((row) => [
      `${row.from}→7`,
      { cls: 'CLS', patches: 'patches', all: 'all tokens' }[row.tokens],
      percent(row.top1),
      points(row.top1 - row.frozenTop1),
      percent(row.top5),
      row.kl.toFixed(4),
      percent(row.flipRate),
      percent(row.top5Agreement),
      row.cosine.toFixed(4),
      row.cka.toFixed(4),
      row.spearman.toFixed(4),
      String(row.n),
    ]),
  );
  const chart = 'top-1 accuracy by replaced blocks, full';
  expect(await fidelity.pointsOf(chart)).toEqual(
    groups.flatMap(([group, , words]) =>
      cascade
        .filter(({ tokens }) => tokens === group)
        .map(({ from, top1 }) => `${words}, blocks ${from}→7: ${percent(top1)}`),
    ),
  );

  await fidelity.chart(chart).getByRole('button', { name: 'patches, blocks 3→7' }).click({ force: true });
  await expect(page).toHaveURL(/window=3\.patches/);
  await expect(fidelity.point.getByRole('heading')).toHaveText('full: blocks 3→7, patches');
  const row = cascade.find(({ from, tokens }) => from === 3 && tokens === 'patches');
  await expect(fidelity.point).toContainText(percent(row?.top1 ?? -1));
  await expect(fidelity.point).toContainText((row?.kl ?? -1).toFixed(4));
  const asked = { runId: made.full.run.id, from: 3, tokens: 'patches' };
  const { classes, flips } = await call<FlipsAnswer>(page, '/analysis/flips', asked);
  expect(flips.length).toBeGreaterThan(2);
  await expect(fidelity.flips).toHaveCount(flips.length);
  for (const [at, flip] of flips.entries()) {
    await expect(fidelity.flips.nth(at)).toContainText(classes[flip.truth]);
    await expect(fidelity.flips.nth(at)).toContainText(`before ${classes[flip.before]}`);
    await expect(fidelity.flips.nth(at)).toContainText(`after ${classes[flip.after]}`);
    const loaded = fidelity.flips.nth(at).getByRole('img', { name: `number ${flip.image} of` });
    await expect.poll(() => loaded.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  }
  await page.getByRole('radiogroup', { name: 'Which changes' }).getByText('right → wrong').click();
  const lost = flips.filter(({ truth, before }) => before === truth);
  await expect(fidelity.flips).toHaveCount(lost.length);
  await expectAccessible(page, info, 'cascade');

  await fidelity.go(`?runs=${made.other.run.id}&view=cascade`);
  await expect(fidelity.point).toContainText('was not kept when this run was measured');
});

test('faithfulness and prompts show the results document', async ({ open }, info) => {
  const page = await open(made.projectDir);
  const fidelity = new FidelityPage(page);
  await fidelity.go(`${one()}&view=faithfulness`);
  for (const [label, key, format] of [
    ['KL', 'kl', (value: number) => value.toFixed(4)],
    ['Flips', 'flipRate', percent],
    ['Top-5 shared', 'top5Agreement', percent],
    ['Cosine', 'cosine', (value: number) => value.toFixed(4)],
    ['CKA', 'cka', (value: number) => value.toFixed(4)],
    ['Spearman', 'spearman', (value: number) => value.toFixed(4)],
  ] as const) {
    expect(await fidelity.pointsOf(`${label} by replaced blocks`)).toEqual(
      groups.flatMap(([group, , words]) =>
        (made.full.cascade ?? [])
          .filter(({ tokens }) => tokens === group)
          .map((row) => `${words}, blocks ${row.from}→7: ${format(row[key])}`),
      ),
    );
  }
  await expectAccessible(page, info, 'faithfulness');

  await fidelity.tab('Prompts').click();
  const { prompts, zeroShot } = made.full;
  await fidelity.go(`${one()}&view=prompts&window=2.cls`);
  const row = prompts?.rows.find(({ from, tokens }) => from === 2 && tokens === 'cls');
  await expect(page.getByText('Blocks 2→7 replaced')).toBeVisible();
  expect(await fidelity.rows(fidelity.templates)).toEqual(
    prompts?.templates.map((template, at) => [
      template,
      percent(prompts.frozen.top1[at]),
      percent(row?.top1[at] ?? -1),
      points((row?.top1[at] ?? 0) - prompts.frozen.top1[at]),
    ]),
  );
  expect(await fidelity.pointsOf('spread over templates by replaced blocks')).toEqual(
    groups.flatMap(([group, , words]) =>
      (prompts?.rows ?? [])
        .filter(({ tokens }) => tokens === group)
        .map(({ from, spread }) => `${words}, blocks ${from}→7: ${(100 * spread).toFixed(2)} pp`),
    ),
  );
  expect(await fidelity.rows(page.getByRole('table', { name: 'Frozen model by template' }))).toEqual(
    zeroShot.perTemplate?.map(({ template, top1, top5 }) => [template, percent(top1), percent(top5)]),
  );
  await expectAccessible(page, info, 'prompts');
});

test('several runs side by side, chosen by the picker', async ({ open }, info) => {
  const page = await open(made.projectDir);
  const fidelity = new FidelityPage(page);
  await fidelity.go(one());
  await page.getByRole('combobox', { name: 'Runs to compare' }).click();
  await expect(page.getByRole('option', { name: /partial/ })).toContainText('succeeded');
  await page.getByRole('option', { name: /other/ }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(new RegExp(`runs=${made.full.run.id},${made.other.run.id}`));
  const values = (results: typeof made.full) =>
    results.reconstruction.cls.map(({ layer, r2 }) => `${results.run.config.name}, layer ${layer}: ${r2.toFixed(3)}`);
  expect(await fidelity.pointsOf('R² (variance explained) by layer, CLS')).toEqual([
    ...values(made.full),
    ...values(made.other),
  ]);
  await expectAccessible(page, info, 'two-runs');
  await fidelity.tab('Cascade').click();
  await expect(fidelity.chart('top-1 accuracy by replaced blocks, other')).toBeVisible();
  await expectAccessible(page, info, 'two-runs-cascade');
  await page.goBack();
  await expect(fidelity.numbers).toBeVisible();
});

test('what is missing is said in words', async ({ open }, info) => {
  const page = await open(made.projectDir);
  const fidelity = new FidelityPage(page);
  await fidelity.go(`?runs=${made.failedId},nowhere-1`);
  await expect(page.getByText('failed has no results yet')).toBeVisible();
  await expect(page.getByText('the disk is full')).toBeVisible();
  await expect(page.getByText('There is no run nowhere-1')).toBeVisible();
  await expectAccessible(page, info, 'failed');
  for (const view of ['cascade', 'faithfulness', 'prompts']) {
    await fidelity.go(`?runs=${made.partial.run.id}&view=${view}`);
    await expect(page.getByText('has not been carried out for this run')).toBeVisible();
  }
});

test('by keyboard alone; a reloaded window shows the same', async ({ open }) => {
  const page = await open(made.projectDir);
  const fidelity = new FidelityPage(page);
  await fidelity.go(one());
  await fidelity.tab('Reconstruction').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/view=cascade/);
  // The button of the figure, then the curves' points: one stop.
  const chart = fidelity.chart('top-1 accuracy by replaced blocks, full');
  await expect(chart).toBeVisible();
  await page.getByRole('button', { name: 'Add to figures: cascade curves' }).focus();
  await page.keyboard.press('Tab');
  await expect(chart.getByRole('button', { name: 'CLS, blocks 0→7' })).toBeFocused();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'End', 'ArrowLeft', 'Enter'])
    await page.keyboard.press(key);
  await expect(chart.getByRole('button', { name: 'patches, blocks 6→7' })).toBeFocused();
  await expect(fidelity.point.getByRole('heading')).toHaveText('full: blocks 6→7, patches');
  await page.reload();
  await expect(fidelity.point.getByRole('heading')).toHaveText('full: blocks 6→7, patches');
});

import type { EdgeFeaturesAnswer } from '../src-main/contract/rpc/analysis.ts';
import { expectAccessible } from './fixtures/accessible.ts';
import { type FullProject, makeFullProject } from './fixtures/full-project.ts';
import { call } from './fixtures/rpc.ts';
import { expect, test } from './fixtures/workbench.ts';
import { AttributionPage } from './pages/attribution-page.ts';

test.setTimeout(120_000);

let made: FullProject;
test.beforeAll(async () => {
  made = await makeFullProject();
});
test.afterAll(() => made.remove());

const minus = (text: string) => text.replace('-', '−');
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const bare = (score: number) => {
  const text = score.toFixed(3);
  return Number(text) === 0 ? '.000' : minus(text).replace(/^(−?)0\./, '$1.');
};
const printed = (matrix: readonly (readonly (number | null)[])[] = []) =>
  matrix.map((row) => row.map((score) => (score === null ? '' : bare(score))));

test('heatmaps print the scores of the results document, and the difference of two runs', async ({ open }, info) => {
  const page = await open(made.projectDir);
  const attribution = new AttributionPage(page);
  await attribution.go(`/${made.full.run.id}`);
  await expect(attribution.heading).toBeVisible();
  expect(await attribution.printed('CLS token')).toEqual(printed(made.full.contribution?.cls));
  expect(await attribution.printed('patch tokens')).toEqual(printed(made.full.contribution?.patches));
  await attribution.cell('patch tokens', 1, 4).hover();
  const score = made.full.contribution?.patches[1][4] ?? Number.NaN;
  await expect(page.getByText(`layer 1 → layer 4: ${score.toFixed(4)}`)).toBeVisible();
  await expectAccessible(page, info, 'contribution');

  await attribution.go(`/${made.full.run.id}?other=${made.other.run.id}&scale=fitted`);
  const title = 'patch tokens: full − other';
  await expect(attribution.heatmap(title)).toBeVisible();
  const difference = made.full.contribution?.patches.map((row, source) =>
    row.map((value, target) => {
      const other = made.other.contribution?.patches[source][target] ?? null;
      return value === null || other === null ? null : value - other;
    }),
  );
  expect(await attribution.printed(title)).toEqual(printed(difference));
  await expectAccessible(page, info, 'difference');
  // The same difference is paler on the fixed scale.
  const colour = () => attribution.cell(title, 0, 1).evaluate((cell) => getComputedStyle(cell).backgroundColor);
  const fitted = await colour();
  await page.getByRole('radiogroup', { name: 'Colours' }).getByText('fixed').click();
  await expect.poll(colour).not.toBe(fitted);
});

test('a cell opens the features that carry its edge; by keyboard alone', async ({ open }, info) => {
  const page = await open(made.projectDir);
  const attribution = new AttributionPage(page);
  await attribution.go(`/${made.full.run.id}`);
  const first = attribution.cell('CLS token', 0, 0);
  await first.focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowUp', 'End']) await page.keyboard.press(key);
  await expect(attribution.cell('CLS token', 1, 7)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/edge=1\.7\.cls/);
  await expect(attribution.edge.getByRole('heading')).toContainText('full: layer 1 → layer 7, CLS token');
  await expect(attribution.features).toBeVisible({ timeout: 90_000 });
  const asked = { runId: made.full.run.id, source: 1, target: 7, tokens: 'cls' };
  const answer = await call<EdgeFeaturesAnswer>(page, '/analysis/edgeFeatures', asked);
  expect(answer.features.length).toBeGreaterThan(0);
  const rows = await attribution.rows(attribution.features);
  expect(rows.map(([feature, share, part, , rate, label]) => [feature, share, part, rate, label])).toEqual(
    answer.features
      .slice(0, 20)
      .map(({ feature, share, rate, label }) => [
        `1/${feature}`,
        minus(share.toFixed(4)),
        minus(`${((100 * share) / answer.score).toFixed(1)} %`),
        percent(rate),
        label ?? '–',
      ]),
  );
  await expect(attribution.edge).toContainText(`all features sum to ${answer.score.toFixed(4)}`);
  await expectAccessible(page, info, 'edge');
  await page.reload();
  await expect(attribution.features).toBeVisible({ timeout: 90_000 });
  await attribution.edge.getByRole('button', { name: 'Close' }).press('Enter');
  await expect(attribution.edge).toBeHidden();
});

test('necessity, sufficiency and audit show the results document', async ({ open }, info) => {
  const page = await open(made.projectDir);
  const attribution = new AttributionPage(page);
  await attribution.go(`/${made.full.run.id}?view=necessity`);
  for (const row of made.full.necessity ?? []) {
    const trials = [{ sources: [row.dropTop1.source], top1: row.dropTop1.top1 }, row.keepTop4, ...row.controls];
    const shown = await attribution.rows(attribution.necessity(row.tokens === 'cls' ? 'CLS' : 'all tokens'));
    expect(shown.map((cells) => cells.slice(1, 4))).toEqual(
      trials.map(({ sources, top1 }) => {
        const text = (100 * (top1 - row.frozenTop1)).toFixed(1);
        const difference = Number(text) === 0 ? '0.0' : Number(text) > 0 ? `+${text}` : minus(text);
        return [sources.join(', '), percent(top1), difference];
      }),
    );
  }
  await expectAccessible(page, info, 'necessity');

  await page.getByRole('tab', { name: 'Audit' }).click();
  const { audit = [], contribution, auditSpearman = 0 } = made.full;
  await expect(page.getByText(`Spearman's ρ (mean ablation): ${minus(auditSpearman.toFixed(3))}`)).toBeVisible();
  const lost = (difference: number) => {
    const text = (100 * difference).toFixed(1);
    return Number(text) === 0 ? '0.0' : minus(text);
  };
  for (const ablation of ['mean', 'zero'] as const) {
    await page.getByRole('radiogroup', { name: 'Ablation' }).getByText(`${ablation} ablation`).click();
    await expect(page.getByRole('figure', { name: `${ablation} ablation` })).toBeVisible();
    expect(await attribution.rows(attribution.audit)).toEqual(
      audit.map(({ layer, meanAblationTop1, zeroAblationTop1, frozenTop1 }) => [
        String(layer),
        bare(contribution?.cls[layer].at(-1) ?? Number.NaN),
        percent(meanAblationTop1),
        percent(zeroAblationTop1),
        lost(frozenTop1 - (ablation === 'mean' ? meanAblationTop1 : zeroAblationTop1)),
      ]),
    );
  }
  await expect(page.getByRole('figure').getByRole('button')).toHaveCount(audit.length);
  await expectAccessible(page, info, 'audit');
});

test('what is missing is said in words', async ({ open }) => {
  const page = await open(made.projectDir);
  const attribution = new AttributionPage(page);
  for (const [view, words] of [
    ['contribution', 'No contribution scores for partial'],
    ['necessity', 'No necessity and sufficiency for partial'],
    ['audit', 'No audit for partial'],
  ]) {
    await attribution.go(`/${made.partial.run.id}?view=${view}`);
    await expect(page.getByText(words)).toBeVisible();
  }
  await attribution.go(`/${made.failedId}`);
  await expect(page.getByText('the disk is full')).toBeVisible();
  await attribution.go('/nowhere-1');
  await expect(page.getByText('There is no run nowhere-1')).toBeVisible();
});

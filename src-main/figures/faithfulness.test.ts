import { expect, it } from 'vitest';
import { randomResults } from '../testing/random-results.ts';
import { contribution } from './contribution.ts';
import { faithfulness } from './faithfulness.ts';

const runs = [0, 1].map((seed) => randomResults({ layers: 3, seed }));

it('faithfulness has every window of every run, unrounded', async () => {
  const drawing = await faithfulness.draw({ runs }, 'double');
  const expected = runs.flatMap(({ run, cascade = [] }) =>
    cascade.map(({ from, tokens, kl, flipRate, top5Agreement, cosine, cka, spearman, n }) => {
      const measures = { kl, flipRate, top5Agreement, cosine, cka, spearman };
      return { run: run.id, series: 'relu-topk', seed: run.seed, from, tokens, ...measures, n };
    }),
  );
  expect(drawing?.rows).toEqual(expected);
  expect(faithfulness.caption({ runs })).toContain('(n = 200). Lines are means over up to 2 seeds');
  expect(await faithfulness.draw({ runs: [{ ...runs[0], cascade: undefined }] }, 'single')).toBeUndefined();
});

it('contribution scores of two runs are subtracted, if they have as many layers', async () => {
  const drawing = await contribution.draw({ runs }, 'double');
  const [a, b] = runs.map((run) => run.contribution?.patches ?? []);
  const found = drawing?.rows.filter(({ tokens }) => tokens === 'patches');
  expect(found).toHaveLength(6);
  for (const { source, target, score } of found ?? []) {
    const difference = Number(a[Number(source)][Number(target)]) - Number(b[Number(source)][Number(target)]);
    expect(score).toBeCloseTo(difference, 12);
  }
  expect(contribution.caption({ runs })).toContain(`${runs[0].run.id} minus ${runs[1].run.id}`);
  expect(contribution.caption({ runs: [runs[0]] })).toContain('sum to 1');
  const deeper = randomResults({ layers: 4 });
  expect(await contribution.draw({ runs: [runs[0], deeper] }, 'single')).toBeUndefined();
  expect(await contribution.draw({ runs: [...runs, deeper] }, 'single')).toBeUndefined();
});

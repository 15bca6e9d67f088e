import { expect, test } from 'vitest';
import { comparedKeys } from './differences.ts';
import { joined, linesOf } from './history.ts';
import { matches, ordered } from './table.ts';
import type { Run } from './use-runs.ts';

const event = (step: number, loss: number) => ({
  type: 'training' as const,
  step,
  steps: 100,
  loss,
  learningRate: 1e-3,
  tokensPerSecond: 500,
  secondsLeft: 1,
  layers: [0, 1].map((layer) => ({ layer, r2: 0.5 + layer / 10, cosine: 0.9, l0: 32, dead: 0 })),
});

test('a job that went on from an earlier checkpoint replaces what came after it', () => {
  const first = [event(10, 1), event(20, 0.9), event(30, 0.8)];
  const second = [event(20, 0.91), event(40, 0.7)];
  expect(joined([first, [], second]).map(({ step, loss }) => [step, loss])).toEqual([
    [10, 1],
    [20, 0.91],
    [40, 0.7],
  ]);
});

test('layers are averaged, chosen or drawn one by one', () => {
  const runs = [{ id: 'a', label: 'a', events: [event(10, 1)] }];
  expect(linesOf('loss', runs, 'each').map(({ y }) => y)).toEqual([[1]]);
  expect(linesOf('r2', runs, 'mean').map(({ y }) => y)).toEqual([[0.55]]);
  expect(linesOf('r2', runs, 1).map(({ y }) => y)).toEqual([[0.6]]);
  expect(linesOf('r2', runs, 'each').map(({ label, y }) => [label, y])).toEqual([
    ['layer 0', [0.5]],
    ['layer 1', [0.6]],
  ]);
  expect(linesOf('r2', [...runs, { id: 'b', label: 'b', events: [] }], 'each').map(({ label }) => label)).toEqual([
    'a, layer 0',
    'a, layer 1',
  ]);
});

test('of compared recipes the keys that differ come first', () => {
  const recipes = [
    { name: 'a', train: { steps: 10, sparsifier: { kind: 'relu-topk', k: 32 } }, words: ['x'] },
    { name: 'a', train: { steps: 20, sparsifier: { kind: 'jumprelu' } }, words: ['x'] },
  ];
  expect(comparedKeys(recipes)).toEqual([
    { key: 'train.steps', values: ['10', '20'], differs: true },
    { key: 'train.sparsifier.kind', values: ['relu-topk', 'jumprelu'], differs: true },
    { key: 'train.sparsifier.k', values: ['32', undefined], differs: true },
    { key: 'name', values: ['a', 'a'], differs: false },
    { key: 'words', values: ['["x"]', '["x"]'], differs: false },
  ]);
});

const run = (name: string, r2: number | null, more: Partial<Run> = {}): Run => ({
  id: `${name}-0123456789`,
  name,
  createdAt: '2026-01-01T00:00:00Z',
  model: 'mini-clip',
  dataset: 'emoji',
  sparsifier: 'relu-topk',
  seed: 0,
  state: 'succeeded',
  jobId: null,
  error: null,
  measured: r2 === null ? null : { cosine: 0.9, r2, l0: 32, top1: 0.6 },
  recipe: { name } as Run['recipe'],
  tags: [],
  note: '',
  ...more,
});

test('the filter takes every word, wherever a row says it', () => {
  const one = run('demo', 0.9, { tags: ['Paper'], note: 'a larger k' });
  for (const text of ['', 'demo', 'DEMO paper', 'emoji succ', 'larger', 'seed 0'])
    expect(matches(one, text)).toBe(true);
  for (const text of ['jumprelu', 'demo failed']) expect(matches(one, text)).toBe(false);
});

test('rows without a value come last either way', () => {
  const runs = [run('none', null), run('low', 0.1), run('a10', 0.5), run('a9', 0.5)];
  const names = (by: 'r2' | 'name', descending: boolean) => ordered(runs, { by, descending }).map(({ name }) => name);
  expect(names('r2', false)).toEqual(['low', 'a10', 'a9', 'none']);
  expect(names('r2', true)).toEqual(['a10', 'a9', 'low', 'none']);
  expect(names('name', false)).toEqual(['a9', 'a10', 'low', 'none']);
});

import { expect, test } from 'vitest';
import { auditPoints, bare, difference, edgeOf, largest } from './scores.ts';

test('scores are printed as published', () => {
  expect([0.3333, -0.0124, 1, -1.5, -0.0001, 0].map(bare)).toEqual([
    '.333',
    '−.012',
    '1.000',
    '−1.500',
    '.000',
    '.000',
  ]);
});

test('two runs are subtracted where both have a score', () => {
  const a = [
    [0.5, 0.25],
    [null, 0.75],
  ];
  const b = [[0.25, -0.5]];
  expect(difference(a, b)).toEqual([
    [0.25, 0.75],
    [null, null],
  ]);
  expect(largest(a, [[-2]])).toBe(2);
  expect(largest([[null]])).toBe(1);
});

test('edges in addresses go forward', () => {
  expect(edgeOf('0.7.cls')).toEqual({ source: 0, target: 7, tokens: 'cls' });
  expect(['7.0.cls', '0.7.all', '0.7', '', undefined].map(edgeOf)).toEqual(Array(5).fill(undefined));
});

test('the audit sets the accuracy lost against the score for the last layer', () => {
  const contribution = {
    cls: [
      [1, 0.4],
      [null, 0.6],
    ],
    patches: [],
    all: [],
  };
  const row = { n: 4, frozenTop1: 0.75 };
  const audit = [
    { ...row, layer: 0, zeroAblationTop1: 0.25, meanAblationTop1: 0.5 },
    { ...row, layer: 1, zeroAblationTop1: 0.75, meanAblationTop1: 1 },
  ];
  expect(auditPoints({ contribution, audit }, 'mean')).toEqual([
    { layer: 0, score: 0.4, lost: 0.25 },
    { layer: 1, score: 0.6, lost: -0.25 },
  ]);
  expect(auditPoints({ contribution, audit }, 'zero').map(({ lost }) => lost)).toEqual([0.5, 0]);
});

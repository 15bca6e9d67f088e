import { expect, test } from 'vitest';
import { runNames } from './run-names.ts';

test('a run is called by what tells it from the others', () => {
  const names = runNames([
    { id: 'demo-1', name: 'demo', seed: 0 },
    { id: 'paper-1', name: 'paper', seed: 0 },
    { id: 'paper-2', name: 'paper', seed: 1 },
    { id: 'grid-1', name: 'grid', seed: 0 },
    { id: 'grid-2', name: 'grid', seed: 0 },
  ]);
  expect([...names.values()]).toEqual(['demo', 'paper · seed 0', 'paper · seed 1', 'grid-1', 'grid-2']);
});

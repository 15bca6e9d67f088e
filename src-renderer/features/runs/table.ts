import type { Run } from './use-runs.ts';

export const columns = [
  'name',
  'state',
  'sparsifier',
  'model',
  'dataset',
  'seed',
  'r2',
  'cosine',
  'l0',
  'top1',
  'createdAt',
] as const;

export type Column = (typeof columns)[number];

export interface Order {
  by: Column;
  descending: boolean;
}

/** Whether every word of the text is found in what the row says. */
export function matches(run: Run, text: string): boolean {
  const { name, id, tags, note, sparsifier, model, dataset, state } = run;
  const said = [name, id, ...tags, note, sparsifier, model, dataset, state, `seed ${run.seed}`]
    .join('\n')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

function sortValue(run: Run, column: Column): string | number | undefined {
  switch (column) {
    case 'r2':
    case 'cosine':
    case 'l0':
    case 'top1':
      return run.measured?.[column];
    default:
      return run[column];
  }
}

/** Sorted; runs without the value come last either way, and equal ones stay as they are. */
export function ordered(runs: readonly Run[], { by, descending }: Order): Run[] {
  return runs.toSorted((a, b) => {
    const [left, right] = [sortValue(a, by), sortValue(b, by)];
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    const difference =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : String(left).localeCompare(String(right), 'en', { numeric: true });
    return descending ? -difference : difference;
  });
}

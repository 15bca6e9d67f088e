/** A line of a live chart: y at growing x. */
export interface Series {
  id: string;
  label: string;
  color: string;
  dash?: string;
  x: readonly number[];
  y: readonly number[];
}

/**
 * Exponentially weighted means, each corrected for its short history: `weight` in [0, 1) is the share that the past
 * keeps at each point; 0 changes nothing.
 */
export function smooth(values: readonly number[], weight: number): readonly number[] {
  if (weight === 0) return values;
  let sum = 0;
  let share = 0;
  return values.map((value) => {
    sum = weight * sum + (1 - weight) * value;
    share = weight * share + (1 - weight);
    return sum / share;
  });
}

/** The index of the x next to `at`, the lower one where two are as near; -1 without any. */
export function nearestIndex(x: readonly number[], at: number): number {
  let low = 0;
  let high = x.length - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  return at - x[low] <= x[high] - at ? low : high;
}

/**
 * Indices of points to draw between two x, with a neighbour outside on each side: of every `columns`-th part of the way
 * the first, lowest, highest and last point, so that a line of any length costs the same and keeps its extremes.
 */
export function thinned(
  x: readonly number[],
  y: readonly number[],
  [from, to]: readonly [number, number],
  columns: number,
): number[] {
  let first = x.findIndex((value) => value >= from);
  if (first < 0) first = x.length;
  const after = x.findIndex((value) => value > to);
  const begin = Math.max(0, first - 1);
  const end = Math.min(x.length, (after < 0 ? x.length : after) + 1);
  if (end - begin <= 4 * columns) return Array.from({ length: end - begin }, (_, at) => begin + at);
  const chosen: number[] = [];
  for (let column = 0; column < columns; column++) {
    const start = begin + Math.floor(((end - begin) * column) / columns);
    const stop = begin + Math.floor(((end - begin) * (column + 1)) / columns);
    let low = start;
    let high = start;
    for (let at = start; at < stop; at++) {
      if (y[at] < y[low]) low = at;
      if (y[at] > y[high]) high = at;
    }
    chosen.push(...[...new Set([start, low, high, stop - 1])].sort((a, b) => a - b));
  }
  return chosen;
}

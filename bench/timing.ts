/** Milliseconds of several runs of one thing, after one that is not counted. */
export interface Timing {
  median: number;
  min: number;
}

/** Runs each of `tasks` in turn, round after round, so that a machine whose speed drifts treats them alike. */
export async function sideBySide<K extends string>(
  tasks: Record<K, () => Promise<unknown>>,
  rounds: number,
): Promise<Record<K, Timing>> {
  const names = Object.keys(tasks) as K[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const started = performance.now();
      await tasks[name]();
      if (round >= 0) times[name].push(performance.now() - started);
    }
  }
  const summary = (values: number[]): Timing => {
    const sorted = values.toSorted((a, b) => a - b);
    return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0] };
  };
  return Object.fromEntries(names.map((name) => [name, summary(times[name])])) as Record<K, Timing>;
}

export function milliseconds({ median, min }: Timing): string {
  return `${median.toFixed(0)} ms (minimum ${min.toFixed(0)})`;
}

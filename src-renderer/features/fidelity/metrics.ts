import type { Results } from '../../../src-main/contract/results.ts';

type Reconstruction = Results['reconstruction'];
export type TokenGroup = keyof Reconstruction;
export type MetricsRow = Reconstruction[TokenGroup][number];
type Metric = Exclude<keyof MetricsRow, 'layer'>;

export const tokenGroups: readonly { key: TokenGroup; label: string }[] = [
  { key: 'cls', label: 'CLS' },
  { key: 'patches', label: 'patches' },
  { key: 'all', label: 'all' },
];

export const columns: readonly { key: Metric; label: string; format: (value: number) => string }[] = [
  { key: 'cosine', label: 'Cosine', format: (value) => value.toFixed(3) },
  { key: 'mse', label: 'MSE', format: (value) => value.toPrecision(3) },
  { key: 'r2', label: 'R²', format: (value) => value.toFixed(3) },
  { key: 'l0', label: 'L0', format: (value) => value.toFixed(1) },
  { key: 'dead', label: 'Dead', format: (value) => `${(100 * value).toFixed(1)} %` },
];

/** One metric of every token group side by side, a row per layer. */
export function byLayer(
  reconstruction: Reconstruction,
  metric: Metric,
): ({ layer: number } & Record<TokenGroup, number>)[] {
  const { cls, patches, all } = reconstruction;
  return all.map((row, at) => ({
    layer: row.layer,
    cls: cls[at][metric],
    patches: patches[at][metric],
    all: row[metric],
  }));
}

/** The plain mean over layers, as papers report it. */
export function meanOverLayers(rows: readonly MetricsRow[], metric: Metric): number {
  return rows.reduce((sum, row) => sum + row[metric], 0) / rows.length;
}

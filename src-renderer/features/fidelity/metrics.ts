import type { Results } from '../../../src-main/contract/results.ts';

type Reconstruction = Results['reconstruction'];
export type TokenGroup = keyof Reconstruction;
export type MetricsRow = Reconstruction[TokenGroup][number];
export type Metric = Exclude<keyof MetricsRow, 'layer'>;

export const tokenGroups: readonly { key: TokenGroup; label: string }[] = [
  { key: 'cls', label: 'CLS' },
  { key: 'patches', label: 'patches' },
  { key: 'all', label: 'all' },
];

export const groupLabels: Readonly<Record<TokenGroup, string>> = { cls: 'CLS', patches: 'patches', all: 'all tokens' };

/** A token group's name as it may stand in an address; `all` for anything else. */
export function tokenGroupOf(text: string | undefined): TokenGroup {
  return tokenGroups.find(({ key }) => key === text)?.key ?? 'all';
}

export const columns: readonly { key: Metric; label: string; format: (value: number) => string }[] = [
  { key: 'cosine', label: 'Cosine', format: (value) => value.toFixed(3) },
  { key: 'mse', label: 'MSE', format: (value) => value.toPrecision(3) },
  { key: 'r2', label: 'R²', format: (value) => value.toFixed(3) },
  { key: 'l0', label: 'L0', format: (value) => value.toFixed(1) },
  { key: 'dead', label: 'Dead', format: (value) => `${(100 * value).toFixed(1)} %` },
];

/** The plain mean over layers, as papers report it. */
export function meanOverLayers(rows: readonly MetricsRow[], metric: Metric): number {
  return rows.reduce((sum, row) => sum + row[metric], 0) / rows.length;
}

import type { Results } from '../../../src-main/contract/results.ts';

export type Scores = NonNullable<Results['contribution']>['cls'];
export type EdgeTokens = 'cls' | 'patches';

/** As the published heatmaps print a score: `.333`, `−.012`, `1.000`. */
export function bare(score: number): string {
  const text = score.toFixed(3);
  return Number(text) === 0 ? '.000' : text.replace('-', '−').replace(/^(−?)0\./, '$1.');
}

/** Entry by entry, where both have one. */
export function difference(a: Scores, b: Scores): Scores {
  return a.map((row, source) =>
    row.map((score, target) => {
      const other = b[source]?.[target];
      return score === null || other === null || other === undefined ? null : score - other;
    }),
  );
}

/** The largest magnitude, for colours that are fitted. */
export function largest(...matrices: readonly Scores[]): number {
  const values = matrices.flat(2).filter((score) => score !== null);
  return Math.max(0, ...values.map(Math.abs)) || 1;
}

/** An edge in an address: `0.7.cls`. */
export function edgeOf(text: string | undefined): { source: number; target: number; tokens: EdgeTokens } | undefined {
  const found = /^(\d{1,4})\.(\d{1,4})\.(cls|patches)$/.exec(text ?? '');
  if (!found) return undefined;
  const [source, target] = [Number(found[1]), Number(found[2])];
  return source <= target ? { source, target, tokens: found[3] as EdgeTokens } : undefined;
}

/** Points of the audit: each layer's contribution to the last one at CLS, and the accuracy lost without its MLP. */
export function auditPoints(
  { contribution, audit = [] }: Pick<Results, 'contribution' | 'audit'>,
  ablation: 'mean' | 'zero',
): { layer: number; score: number; lost: number }[] {
  return audit.map((row) => ({
    layer: row.layer,
    score: contribution?.cls[row.layer]?.at(-1) ?? 0,
    lost: row.frozenTop1 - (ablation === 'mean' ? row.meanAblationTop1 : row.zeroAblationTop1),
  }));
}

import type { Results } from '../contract/results.ts';
import { tokenGroups } from '../core/tokens.ts';
import { type Figure, type FigureInput, figureWidths } from './figure.ts';
import { type GridRow, panelGrid } from './parts/panel-grid.ts';
import { extent, seedPoints, spreadNote } from './parts/seed-points.ts';
import { layerScale, linearScale } from './parts/ticks.ts';
import { labelWithSeeds, runGroups } from './run-groups.ts';
import { groupTitles, seriesStyle } from './style.ts';

type Row = NonNullable<Results['cascade']>[number];

const measures: readonly {
  key: 'kl' | 'flipRate' | 'top5Agreement' | 'cosine' | 'cka' | 'spearman';
  title: string;
  limits: readonly [number, number];
}[] = [
  { key: 'kl', title: 'KL (nats)', limits: [0, Number.POSITIVE_INFINITY] },
  { key: 'flipRate', title: 'flips', limits: [0, 1] },
  { key: 'top5Agreement', title: 'top 5', limits: [0, 1] },
  { key: 'cosine', title: 'cosine', limits: [-1, 1] },
  { key: 'cka', title: 'CKA', limits: [0, 1] },
  { key: 'spearman', title: 'rank corr.', limits: [-1, 1] },
];

/** Method, section 6: how near the replaced model stays to the frozen one. */
export const faithfulness: Figure = {
  id: 'faithfulness',
  title: 'Faithfulness of the replaced model',
  columns: {
    run: 'run id',
    series: 'recipe without its seed',
    seed: 'seed',
    from: 'first replaced layer',
    tokens: 'token group replaced',
    kl: 'nats',
    flipRate: 'share of images whose prediction changes',
    top5Agreement: 'share of the top five in common',
    cosine: 'mean cosine of the image embeddings',
    cka: 'linear CKA of the image embeddings',
    spearman: 'mean rank correlation of the class logits',
    n: 'images',
  },

  caption(input) {
    const runs = measured(input);
    const n = [...new Set(runs.flatMap(({ cascade = [] }) => cascade.map((row) => row.n)))].join(', ');
    return (
      'The replaced against the frozen model by the blocks replaced, on CLS, patch or all tokens: KL divergence, share of changed ' +
      'predictions (flips), overlap of the top five, cosine and linear CKA of the image embeddings, rank correlation of the class ' +
      `logits (n = ${n}).${spreadNote(runGroups(runs))}`
    );
  },

  async draw(input, width) {
    const runs = measured(input);
    if (runs.length === 0) return undefined;
    const groups = runGroups(runs);
    const layers = Math.max(...runs.flatMap(({ cascade = [] }) => cascade.map(({ from }) => from + 1)));
    const rows = measures.map(({ key, title, limits }, at): GridRow => {
      const panels = tokenGroups.map((tokens) => ({
        series: groups.map((group, place) => ({
          name: group.label,
          style: seriesStyle(place),
          points: seedPoints(group, ({ cascade = [] }) =>
            cascade.filter((row: Row) => row.tokens === tokens).map((row: Row) => ({ x: row.from, y: row[key] })),
          ),
        })),
      }));
      const edges = panels.flatMap(({ series }) => series.flatMap(({ points }) => extent(points)));
      const titles = at === 0 ? tokenGroups.map((tokens) => groupTitles[tokens]) : undefined;
      return { title, y: linearScale(edges, { limits, count: 3 }), panels, titles };
    });
    const window = (from: number) => `${from}→${layers - 1}`;
    const svg = await panelGrid({
      width: figureWidths[width],
      panelHeight: width === 'single' ? 44 : 60,
      columns: tokenGroups.length,
      xTitle: 'blocks replaced (s→L−1)',
      x: (panelWidth) => layerScale(layers, panelWidth, window),
      rows,
      legend: groups.map((group, at) => ({ name: labelWithSeeds(group), style: seriesStyle(at), mark: 'line' })),
    });
    return {
      svg,
      rows: groups.flatMap(({ label, runs: members }) =>
        members.flatMap(({ run, cascade = [] }) =>
          cascade.map(({ top1: _, top5: __, frozenTop1: ___, ...row }) => ({
            run: run.id,
            series: label,
            seed: run.seed,
            ...row,
          })),
        ),
      ),
    };
  },
};

function measured({ runs }: FigureInput) {
  return runs.filter(({ cascade }) => cascade !== undefined && cascade.length > 0);
}

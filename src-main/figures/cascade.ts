import { tokenGroups } from '../core/tokens.ts';
import { type Figure, type FigureInput, figureWidths } from './figure.ts';
import { type GridRow, panelGrid } from './parts/panel-grid.ts';
import { extent, seedPoints, spreadNote } from './parts/seed-points.ts';
import { layerScale, linearScale } from './parts/ticks.ts';
import { labelWithSeeds, runGroups } from './run-groups.ts';
import { mean } from './statistics.ts';
import { frozenStyle, groupStyles, groupTitles } from './style.ts';

/** Method, section 4: accuracy with the blocks from s on replaced. */
export const cascade: Figure = {
  id: 'cascade',
  title: 'Cascaded replacement',
  columns: {
    run: 'run id',
    series: 'recipe without its seed',
    seed: 'seed',
    from: 'first replaced layer',
    tokens: 'token group replaced',
    top1: 'share of images',
    frozenTop1: 'share of the same images, frozen model',
    n: 'images',
  },

  caption(input) {
    const groups = runGroups(measured(input));
    return (
      `Zero-shot top-1 accuracy with the MLPs of blocks s to L−1 replaced by their reconstruction, on CLS, patch or all tokens, ` +
      `beside the frozen model on the same images (n = ${imageCounts(measured(input))}).${spreadNote(groups)}`
    );
  },

  async draw(input, width) {
    const runs = measured(input);
    if (runs.length === 0) return undefined;
    const groups = runGroups(runs);
    const layers = Math.max(...runs.flatMap(({ cascade: rows = [] }) => rows.map(({ from }) => from + 1)));
    const panels = groups.map((group) => ({
      levels: [{ y: 100 * mean(group.runs.map(({ cascade: rows = [] }) => rows[0].frozenTop1)), style: frozenStyle }],
      series: tokenGroups.map((tokens) => ({
        name: groupTitles[tokens],
        style: groupStyles[tokens],
        points: seedPoints(group, ({ cascade: rows = [] }) =>
          rows.filter((row) => row.tokens === tokens).map((row) => ({ x: row.from, y: 100 * row.top1 })),
        ),
      })),
    }));
    const edges = panels.flatMap(({ series, levels }) => [
      ...series.flatMap(({ points }) => extent(points)),
      ...levels.map(({ y }) => y),
    ]);
    const y = linearScale(edges, { limits: [0, 100], count: 7 });
    const perRow = Math.min(width === 'single' ? 2 : 3, panels.length);
    const rows: GridRow[] = [];
    for (let at = 0; at < panels.length; at += perRow) {
      rows.push({
        title: 'top-1 accuracy (%)',
        y,
        panels: panels.slice(at, at + perRow),
        titles: groups.slice(at, at + perRow).map(labelWithSeeds),
      });
    }
    const window = (from: number) => `${from}→${layers - 1}`;
    const svg = await panelGrid({
      width: figureWidths[width],
      panelHeight: width === 'single' ? 100 : 130,
      columns: perRow,
      xTitle: 'blocks replaced (s→L−1)',
      x: (panelWidth) => layerScale(layers, panelWidth, window),
      rows: groups.length > 1 ? rows : rows.map(({ titles: _, ...row }) => row),
      legend: [
        ...tokenGroups.map((tokens) => ({
          name: groupTitles[tokens],
          style: groupStyles[tokens],
          mark: 'line' as const,
        })),
        { name: 'frozen model', style: frozenStyle, mark: 'level' },
      ],
    });
    return {
      svg,
      rows: groups.flatMap(({ label, runs: members }) =>
        members.flatMap(({ run, cascade: section = [] }) =>
          section.map(({ from, tokens, top1, frozenTop1, n }) => ({
            run: run.id,
            series: label,
            seed: run.seed,
            from,
            tokens,
            top1,
            frozenTop1,
            n,
          })),
        ),
      ),
    };
  },
};

function measured({ runs }: FigureInput) {
  return runs.filter(({ cascade: rows }) => rows !== undefined && rows.length > 0);
}

/** The numbers of images that the runs' cascades stand on. */
function imageCounts(runs: FigureInput['runs']): string {
  return [...new Set(runs.flatMap(({ cascade: rows = [] }) => rows.map(({ n }) => n)))].join(', ');
}

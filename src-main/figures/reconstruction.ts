import type { ReconstructionRow } from '../contract/results.ts';
import { tokenGroups } from '../core/tokens.ts';
import { type Figure, figureWidths } from './figure.ts';
import { type GridRow, panelGrid } from './parts/panel-grid.ts';
import { extent, seedPoints, spreadNote } from './parts/seed-points.ts';
import { layerScale, linearScale, logScale, type Scale } from './parts/ticks.ts';
import { labelWithSeeds, runGroups } from './run-groups.ts';
import { groupTitles, seriesStyle } from './style.ts';

const metrics: readonly { key: 'cosine' | 'mse' | 'r2'; title: string; scale(values: readonly number[]): Scale }[] = [
  { key: 'cosine', title: 'cosine', scale: (values) => linearScale(values, { limits: [-1, 1] }) },
  { key: 'mse', title: 'MSE', scale: (values) => logScale(positive(values)) },
  { key: 'r2', title: 'R²', scale: (values) => linearScale(values, { limits: [-Infinity, 1] }) },
];

function positive(values: readonly number[]): readonly number[] {
  const found = values.filter((value) => value > 0);
  return found.length > 0 ? found : [1];
}

/** Method, section 3: how well each layer's MLP output is rebuilt. */
export const reconstruction: Figure = {
  id: 'reconstruction',
  title: 'Reconstruction by layer',
  columns: {
    run: 'run id',
    series: 'recipe without its seed',
    seed: 'seed',
    tokens: 'token group',
    layer: 'target layer',
    cosine: 'mean cosine',
    mse: 'squared raw activation units',
    r2: 'share of variance explained',
    l0: 'features per token',
    dead: 'share of features',
  },

  caption({ runs }) {
    const groups = runGroups(runs);
    return (
      'Reconstruction of MLP outputs by layer on the test split, for the CLS token, the patch tokens and all tokens: mean cosine, ' +
      'mean squared error (log axis, squared raw activation units) and variance explained (R²).' +
      spreadNote(groups)
    );
  },

  async draw({ runs }, width) {
    if (runs.length === 0) return undefined;
    const groups = runGroups(runs);
    const layers = Math.max(...runs.map((run) => run.reconstruction.all.length));
    const rows = metrics.map(({ key, title, scale }, at): GridRow => {
      const panels = tokenGroups.map((tokens) => ({
        series: groups.map((group, place) => ({
          name: group.label,
          style: seriesStyle(place),
          points: seedPoints(group, (run) =>
            run.reconstruction[tokens].map((row: ReconstructionRow) => ({ x: row.layer, y: row[key] })),
          ),
        })),
      }));
      const edges = panels.flatMap(({ series }) => series.flatMap(({ points }) => extent(points)));
      const titles = at === 0 ? tokenGroups.map((tokens) => groupTitles[tokens]) : undefined;
      return { title, y: scale(edges), panels, titles };
    });
    const svg = await panelGrid({
      width: figureWidths[width],
      panelHeight: width === 'single' ? 62 : 92,
      columns: tokenGroups.length,
      xTitle: 'layer',
      x: (panelWidth) => layerScale(layers, panelWidth),
      rows,
      legend: groups.map((group, at) => ({ name: labelWithSeeds(group), style: seriesStyle(at), mark: 'line' })),
    });
    return {
      svg,
      rows: groups.flatMap(({ label, runs: members }) =>
        members.flatMap(({ run, reconstruction: sections }) =>
          tokenGroups.flatMap((tokens) =>
            sections[tokens].map((row) => ({ run: run.id, series: label, seed: run.seed, tokens, ...row })),
          ),
        ),
      ),
    };
  },
};

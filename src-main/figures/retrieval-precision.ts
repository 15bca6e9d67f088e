import { type Figure, type FigureInput, figureWidths } from './figure.ts';
import type { Series } from './parts/line-panel.ts';
import { panelGrid } from './parts/panel-grid.ts';
import { extent, seedPoints, spreadNote } from './parts/seed-points.ts';
import { layerScale, linearScale } from './parts/ticks.ts';
import { labelWithSeeds, type RunGroup, runGroups } from './run-groups.ts';
import { frozenStyle, groupTitles, type SeriesStyle, seriesStyle } from './style.ts';

const groups = ['cls', 'patches'] as const;
const rawStyle: SeriesStyle = { ...frozenStyle, dash: [3, 1.5], shape: 'triangle-down' };

/** Method, section 7: how often what is found has the query's class. */
export const retrievalPrecision: Figure = {
  id: 'retrieval-precision',
  title: 'Retrieval precision by layer',
  columns: {
    run: 'run id',
    series: 'recipe without its seed',
    seed: 'seed',
    tokens: 'token group of the code',
    layer: 'source layer',
    precisionAt3: 'share of the three nearest that have the query’s class, sparse codes',
    rawPrecisionAt3: 'the same by the cosine of raw activations',
    n: 'query images',
  },

  caption(input) {
    const runs = measured(input);
    const n = [...new Set(runs.flatMap(({ retrieval }) => retrieval?.cls.map((row) => row.n) ?? []))].join(', ');
    return (
      `Share of the three nearest training images that have the query’s class, by source layer, for sparse codes and for the cosine of raw ` +
      `activations (n = ${n} test images).${spreadNote(runGroups(runs))}`
    );
  },

  async draw(input, width) {
    const runs = measured(input);
    if (runs.length === 0) return undefined;
    const series = runGroups(runs);
    const layers = Math.max(...runs.flatMap(({ retrieval }) => retrieval?.cls.map(({ layer }) => layer + 1) ?? []));
    const panels = groups.map((tokens) => {
      const curve = (group: RunGroup, key: 'precisionAt3' | 'rawPrecisionAt3', style: SeriesStyle): Series => ({
        name: group.label,
        style,
        points: seedPoints(group, ({ retrieval }) =>
          (retrieval?.[tokens] ?? []).map((row) => ({ x: row.layer, y: 100 * row[key] })),
        ),
      });
      const raw = new Map(series.map((group) => [rawKey(group), curve(group, 'rawPrecisionAt3', rawStyle)]));
      return { series: [...raw.values(), ...series.map((group, at) => curve(group, 'precisionAt3', seriesStyle(at)))] };
    });
    const edges = panels.flatMap((panel) => panel.series.flatMap(({ points }) => extent(points)));
    const svg = await panelGrid({
      width: figureWidths[width],
      panelHeight: width === 'single' ? 90 : 120,
      columns: groups.length,
      xTitle: 'source layer',
      x: (panelWidth) => layerScale(layers, panelWidth),
      rows: [
        {
          title: 'precision@3 (%)',
          y: linearScale(edges, { limits: [0, 100], count: 7 }),
          panels,
          titles: groups.map((tokens) => groupTitles[tokens]),
        },
      ],
      legend: [
        ...series.map((group, at) => ({
          name: `sparse codes, ${labelWithSeeds(group)}`,
          style: seriesStyle(at),
          mark: 'line' as const,
        })),
        { name: 'raw activations', style: rawStyle, mark: 'line' as const },
      ],
    });
    return {
      svg,
      rows: series.flatMap(({ label, runs: members }) =>
        members.flatMap(({ run, retrieval }) =>
          groups.flatMap((tokens) =>
            (retrieval?.[tokens] ?? []).map((row) => ({ run: run.id, series: label, seed: run.seed, tokens, ...row })),
          ),
        ),
      ),
    };
  },
};

/** Raw activations do not depend on the transcoder: groups on one model and data set share their curve. */
function rawKey({ runs: [{ run }] }: RunGroup): string {
  return `${run.model.sha256}/${run.dataset.sha256}`;
}

function measured({ runs }: FigureInput) {
  return runs.filter(({ retrieval }) => retrieval !== undefined && retrieval.cls.length > 0);
}

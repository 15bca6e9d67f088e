import type { Results } from '../contract/results.ts';
import { spearman } from '../core/rank.ts';
import { type Figure, figureWidths } from './figure.ts';
import { decimal } from './format.ts';
import { placedLabels } from './parts/label-places.ts';
import { linePanel } from './parts/line-panel.ts';
import { rotatedTitle } from './parts/panel-grid.ts';
import { linearScale } from './parts/ticks.ts';
import { moved, svgDocument, textAt } from './render/svg.ts';
import { fontSize, frozenStyle, seriesStyle } from './style.ts';

const left = 33;
const right = 6;
const top = 14;
const bottom = 26;
const ablations = [
  { key: 'meanAblationTop1', title: 'ablated to the mean' },
  { key: 'zeroAblationTop1', title: 'ablated to zero' },
] as const;

/** One layer: its contribution score to the last block at CLS, and what the frozen model loses without its MLP. */
interface AuditPoint {
  layer: number;
  score: number;
  /** Percentage points. */
  lost: number;
}

/** Method, section 5: the test that would refute the scores. */
export const audit: Figure = {
  id: 'audit',
  title: 'Audit of the contribution scores',
  columns: {
    layer: 'layer whose MLP is ablated in the frozen model',
    score: 'contribution of the layer to the last one, CLS token',
    zeroAblationTop1: 'share of images',
    meanAblationTop1: 'share of images',
    frozenTop1: 'share of the same images',
    n: 'images',
  },

  caption({ runs }) {
    const [run] = runs;
    const rho = run?.auditSpearman;
    const zero = run?.audit && run.contribution ? rankCorrelation(auditPoints(run, 'zeroAblationTop1')) : undefined;
    const found = rho === undefined ? '' : ` Spearman’s ρ = ${decimal(rho, 2)} (mean ablation)`;
    const beside = rho === undefined || zero === undefined ? '' : `, ${decimal(zero, 2)} (zero ablation)`;
    return (
      'Accuracy that the frozen model loses when the MLP of one layer is ablated on all tokens, against that layer’s contribution score ' +
      `to the last layer at the CLS token (n = ${run?.audit?.[0]?.n ?? 0} images). Scores that measured importance would rise to the right.${found}${beside}${found && '.'}`
    );
  },

  async draw({ runs }, width) {
    const run = runs.length === 1 ? runs[0] : undefined;
    if (!run?.audit?.length || run.contribution === undefined) return undefined;
    const beside = width === 'double';
    const total = figureWidths[width];
    const panelWidth = (beside ? total / 2 : total) - left - right;
    const panelHeight = beside ? 150 : 125;
    const step = { x: beside ? total / 2 : 0, y: beside ? 0 : top + panelHeight + bottom };
    const panels = await Promise.all(
      ablations.map(async ({ key, title }, at) => {
        const plot = await scatter(auditPoints(run, key), panelWidth, panelHeight);
        const parts = [
          moved(left, top, plot),
          textAt(left + panelWidth / 2, 9, title, { 'text-anchor': 'middle', 'font-weight': 600 }),
          rotatedTitle(7, top + panelHeight / 2, 'top-1 accuracy lost (pp)'),
          textAt(left + panelWidth / 2, top + panelHeight + 19, 'contribution to the last layer (CLS)', {
            'text-anchor': 'middle',
          }),
        ];
        return moved(at * step.x, at * step.y, ...parts);
      }),
    );
    const height = (top + panelHeight + bottom) * (beside ? 1 : ablations.length);
    const scores = lastScores(run);
    return {
      svg: svgDocument(total, height, ...panels),
      rows: run.audit.map((row) => ({ ...row, score: scores[row.layer] })),
    };
  },
};

/** The scores C_{i->L-1} of the CLS token, by source. */
function lastScores({ contribution }: Results): number[] {
  return (contribution?.cls ?? []).map((row) => row.at(-1) ?? 0);
}

function auditPoints(run: Results, key: (typeof ablations)[number]['key']): AuditPoint[] {
  const scores = lastScores(run);
  return (run.audit ?? []).map((row) => ({
    layer: row.layer,
    score: scores[row.layer],
    lost: 100 * (row.frozenTop1 - row[key]),
  }));
}

function rankCorrelation(points: readonly AuditPoint[]): number {
  return spearman(
    points.map(({ lost }) => lost),
    points.map(({ score }) => score),
  );
}

async function scatter(points: readonly AuditPoint[], width: number, height: number): Promise<string> {
  const x = linearScale(
    points.map(({ score }) => score),
    { count: 7 },
  );
  const y = linearScale([0, ...points.map(({ lost }) => lost)], { count: 7 });
  const plot = await linePanel({
    width,
    height,
    x,
    y,
    labels: { x: true, y: true },
    gridX: true,
    levels: [{ y: 0, style: frozenStyle }],
    series: [
      {
        name: 'layers',
        style: seriesStyle(0),
        line: false,
        points: points.map(({ score, lost }) => ({ x: score, y: lost })),
      },
    ],
  });
  const at = (value: number, [low, high]: readonly [number, number], length: number) =>
    ((value - low) / (high - low)) * length;
  const marks = points.map(({ layer, score, lost }) => ({
    x: at(score, x.domain, width),
    y: height - at(lost, y.domain, height),
    text: `L${layer}`,
  }));
  const labels = placedLabels(marks, { width, height, size: fontSize.small });
  return plot + labels.map((label) => textAt(label.x, label.y, label.text, { 'font-size': fontSize.small })).join('');
}

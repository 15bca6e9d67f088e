import type { Results } from '../contract/results.ts';
import { type TokenGroup, tokenGroups } from '../core/tokens.ts';
import { type Figure, figureWidths } from './figure.ts';
import { bare } from './format.ts';
import { rotatedTitle } from './parts/panel-grid.ts';
import { textWidth } from './render/font.ts';
import { element, moved, svgDocument, textAt } from './render/svg.ts';
import { divergingColour, fontSize, groupTitles, ink, inkOn } from './style.ts';

type Scores = NonNullable<Results['contribution']>[TokenGroup];

const shown = ['cls', 'patches'] as const;
const left = 24;
const top = 12;
const bottom = 22;
const barWidth = 8;
/** So that the colour bar beside a small model's maps keeps its labels apart. */
const shortestMap = 48;

/** Method, section 5, in the published form. */
export const contribution: Figure = {
  id: 'contribution',
  title: 'Contribution scores',
  columns: {
    tokens: 'token group',
    source: 'source layer',
    target: 'target layer',
    score: 'share of the target, signed; a target’s scores sum to 1. Of two runs: first minus second',
  },

  caption({ runs }) {
    const [first, second] = runs.map(({ run }) => run.id);
    const what =
      second === undefined
        ? 'Contribution of each source layer'
        : `Difference of two runs (${first} minus ${second}) in the contribution of each source layer`;
    const sum = second === undefined ? 'Scores of a target sum to 1; negative ones are destructive. ' : '';
    return (
      `${what} (upward) to the reconstruction of each target layer (rightward), for the CLS token and the patch tokens. ` +
      `${sum}Colours are fixed to [−1, 1].`
    );
  },

  async draw({ runs }, width) {
    const scores = scoresOf(runs);
    if (scores === undefined) return undefined;
    const total = figureWidths[width];
    const sideBySide = width === 'double';
    const barRoom = 26;
    const mapWidth = sideBySide ? (total - barRoom) / 2 : total - barRoom;
    const maps = shown.map((tokens) => heatmap(scores[tokens], groupTitles[tokens], mapWidth));
    const placed = maps.map(({ svg, height }, at) =>
      moved(sideBySide ? at * mapWidth : 0, sideBySide ? 0 : at * height, svg),
    );
    const height = maps[0].height * (sideBySide ? 1 : maps.length);
    const barHeight = Math.min(maps[0].plotHeight, 150);
    const bar = moved(total - barRoom + 3, top + (height - top - bottom - barHeight) / 2, colourBar(barHeight));
    return {
      svg: svgDocument(total, height, ...placed, bar),
      rows: tokenGroups.flatMap((tokens) =>
        scores[tokens].flatMap((row, source) =>
          row.flatMap((score, target) => (score === null ? [] : [{ tokens, source, target, score }])),
        ),
      ),
    };
  },
};

/** Of one run, or of one minus another with as many layers. */
function scoresOf(runs: readonly Results[]): Results['contribution'] {
  const [first, second] = runs.map(({ contribution }) => contribution);
  if (runs.length === 1) return first;
  if (runs.length !== 2 || !first || !second || first.cls.length !== second.cls.length) return undefined;
  const minus = (a: Scores, b: Scores): Scores =>
    a.map((row, source) =>
      row.map((score, target) => {
        const other = b[source][target];
        return score === null || other === null ? null : score - other;
      }),
    );
  return {
    cls: minus(first.cls, second.cls),
    patches: minus(first.patches, second.patches),
    all: minus(first.all, second.all),
  };
}

function heatmap(scores: Scores, title: string, width: number) {
  const layers = scores.length;
  const cellWidth = Math.min((width - left - 2) / layers, 40);
  // Where three decimals do not fit across a cell, two are printed upward in a taller one.
  const upright = cellWidth < textWidth('−.000', fontSize.small) + 0.4;
  const cellHeight = upright
    ? Math.max(cellWidth, textWidth('−.00', fontSize.small) + 2)
    : Math.max(Math.min(cellWidth, 20), shortestMap / layers);
  const plotWidth = layers * cellWidth;
  const plotHeight = layers * cellHeight;
  const centre = (layer: number) => left + (layer + 0.5) * cellWidth;
  const middle = (source: number) => top + plotHeight - (source + 0.5) * cellHeight;
  const every = cellWidth < 9 ? 2 : 1;
  const cells = scores.flatMap((row, source) =>
    row.flatMap((score, target) => {
      if (score === null) return [];
      const rect = element('rect', {
        x: centre(target) - cellWidth / 2,
        y: middle(source) - cellHeight / 2,
        width: cellWidth,
        height: cellHeight,
        fill: divergingColour(score),
        stroke: '#ffffff',
        'stroke-width': 0.4,
      });
      return [
        rect,
        cellText(
          centre(target),
          middle(source),
          bare(score, (upright ? 2 : 3) - (Math.abs(score) < 1 ? 0 : 1)),
          inkOn(score),
          upright,
        ),
      ];
    }),
  );
  const ticks = Array.from({ length: layers }, (_, layer) => layer).filter((layer) => layer % every === 0);
  const small = { 'font-size': fontSize.small };
  const axes = [
    ...ticks.map((layer) =>
      textAt(centre(layer), top + plotHeight + 8, String(layer), { ...small, 'text-anchor': 'middle' }),
    ),
    ...Array.from({ length: layers }, (_, layer) =>
      textAt(left - 3, middle(layer) + 2.2, String(layer), { ...small, 'text-anchor': 'end' }),
    ),
    element('path', {
      d: `M${left},${top}V${top + plotHeight}H${left + plotWidth}`,
      fill: 'none',
      stroke: ink.axis,
      'stroke-width': 0.6,
    }),
  ];
  const titles = [
    textAt(left + plotWidth / 2, 9, title, { 'text-anchor': 'middle', 'font-weight': 600 }),
    textAt(left + plotWidth / 2, top + plotHeight + 17, 'target layer', { 'text-anchor': 'middle' }),
    rotatedTitle(8, top + plotHeight / 2, 'source layer'),
  ];
  return { svg: [...cells, ...axes, ...titles].join(''), height: top + plotHeight + bottom, plotHeight };
}

function cellText(x: number, y: number, text: string, fill: string, upright: boolean): string {
  const style = { 'text-anchor': 'middle', 'font-size': fontSize.small, fill };
  if (!upright) return textAt(x, y + 2.2, text, style);
  return textAt(0, 2.2, text, { ...style, transform: `translate(${x.toFixed(3)},${y.toFixed(3)}) rotate(-90)` });
}

/** The scale from -1 (below) to 1, in steps fine enough to look smooth in print. */
function colourBar(height: number): string {
  const steps = 64;
  const slices = Array.from({ length: steps }, (_, step) =>
    element('rect', {
      x: 0,
      y: height * (1 - (step + 1) / steps),
      width: barWidth,
      // Slices overlap so that no renderer shows a seam.
      height: (height / steps) * (step === 0 ? 1 : 1.5),
      fill: divergingColour(-1 + (2 * (step + 0.5)) / steps),
    }),
  );
  const frame = element('rect', {
    x: 0,
    y: 0,
    width: barWidth,
    height,
    fill: 'none',
    stroke: ink.axis,
    'stroke-width': 0.5,
  });
  const ticks = [-1, -0.5, 0, 0.5, 1].map((value) => {
    const y = height * (1 - (value + 1) / 2);
    return textAt(barWidth + 2, y + 2.2, bare(value, 1).replace('.0', '').replace(/^$/, '0'), {
      'font-size': fontSize.small,
    });
  });
  return [...slices.reverse(), frame, ...ticks].join('');
}

import type { Results } from '../contract/results.ts';
import { tokenGroups } from '../core/tokens.ts';
import { type Figure, figureWidths } from './figure.ts';
import { legend } from './parts/legend.ts';
import { linePanel, type Series } from './parts/line-panel.ts';
import { rotatedTitle } from './parts/panel-grid.ts';
import { layerScale, linearScale, type Scale } from './parts/ticks.ts';
import { fitted } from './render/font.ts';
import { moved, svgDocument, textAt } from './render/svg.ts';
import { fontSize, frozenStyle, groupStyles, groupTitles } from './style.ts';

type Prompts = NonNullable<Results['prompts']>;

const left = 33;
const rowHeight = 9;

/** Method, section 6: accuracy by prompt template, and how it spreads. */
export const promptSpread: Figure = {
  id: 'prompt-spread',
  title: 'Prompt sensitivity',
  columns: {
    model: 'frozen or replaced',
    from: 'first replaced layer',
    tokens: 'token group replaced',
    template: 'prompt template',
    top1: 'share of images',
    spread: 'standard deviation of top1 over the templates',
    meanAbsDifference: 'mean over the templates of |top1 - frozen top1|',
    n: 'images',
  },

  caption({ runs }) {
    const prompts = runs[0]?.prompts;
    const scope = prompts ? ` (${prompts.templates.length} templates, n = ${prompts.n} images)` : '';
    return (
      `Zero-shot top-1 accuracy by prompt template${scope}, of the frozen model and with all blocks replaced on CLS, patch or all ` +
      'tokens; and the standard deviation over the templates for every window s→L−1.'
    );
  },

  async draw({ runs }, width) {
    const prompts = runs.length === 1 ? runs[0].prompts : undefined;
    if (prompts === undefined) return undefined;
    const total = figureWidths[width];
    const beside = width === 'double';
    const half = beside ? 276 : total;
    const key = legend(
      [
        { name: 'frozen model', style: frozenStyle, mark: 'line' },
        ...tokenGroups.map((tokens) => ({
          name: groupTitles[tokens],
          style: groupStyles[tokens],
          mark: 'point' as const,
        })),
      ],
      total - 8,
    );
    const top = 4 + key.height;
    const byTemplate = await templatePanel(prompts, half);
    const curves = await spreadPanel(
      prompts,
      beside ? total - half - 8 : total,
      beside ? Math.max(byTemplate.height - 27, 90) : 95,
    );
    const height = top + (beside ? Math.max(byTemplate.height, curves.height) : byTemplate.height + curves.height + 6);
    const svg = svgDocument(
      total,
      height,
      moved(4, 3, key.svg),
      moved(0, top, byTemplate.svg),
      moved(beside ? half + 8 : 0, beside ? top : top + byTemplate.height + 6, curves.svg),
    );
    return { svg, rows: records(prompts) };
  },
};

/** One line a template: the frozen model's accuracy and those of the widest windows. */
async function templatePanel({ templates, frozen, rows }: Prompts, width: number) {
  const names = templates.map((template) => fitted(template, width * 0.42, fontSize.small));
  const room = width * 0.42 + 6;
  const plotWidth = width - room - 6;
  const height = templates.length * rowHeight;
  const points = (top1: readonly number[]) => top1.map((value, at) => ({ x: 100 * value, y: -at }));
  const series: Series[] = [
    ...tokenGroups.map((tokens) => ({
      name: tokens,
      style: groupStyles[tokens],
      line: false,
      points: points(rows.find((row) => row.from === 0 && row.tokens === tokens)?.top1 ?? []),
    })),
    { name: 'frozen', style: frozenStyle, line: false, points: points(frozen.top1) },
  ];
  const x = linearScale(
    series.flatMap((entry) => entry.points.map((point) => point.x)),
    { limits: [0, 100] },
  );
  const y: Scale = {
    type: 'linear',
    domain: [0.5 - templates.length, 0.5],
    ticks: templates.map((_, at) => ({ value: -at, label: '' })),
  };
  const plot = await linePanel({ width: plotWidth, height, x, y, labels: { x: true, y: false }, gridX: true, series });
  const labels = names.map((name, at) =>
    textAt(room - 4, (at + 0.5) * rowHeight + 2.2, name, { 'text-anchor': 'end', 'font-size': fontSize.small }),
  );
  const title = textAt(room + plotWidth / 2, height + 20, 'top-1 accuracy (%)', { 'text-anchor': 'middle' });
  return { svg: [moved(room, 0, plot), ...labels, title].join(''), height: height + 24 };
}

/** The spread over templates by window, the frozen model's as a line across. */
async function spreadPanel({ frozen, rows }: Prompts, width: number, height: number) {
  const layers = Math.max(0, ...rows.map(({ from }) => from + 1));
  const series = tokenGroups.map((tokens) => ({
    name: tokens,
    style: groupStyles[tokens],
    points: rows.filter((row) => row.tokens === tokens).map((row) => ({ x: row.from, y: 100 * row.spread })),
  }));
  const plotWidth = width - left - 6;
  const level = 100 * frozen.spread;
  const values = [level, ...series.flatMap(({ points }) => points.map(({ y }) => y))];
  const plot = await linePanel({
    width: plotWidth,
    height,
    x: layerScale(layers, plotWidth, (from) => `${from}→${layers - 1}`),
    y: linearScale([0, ...values], { count: 4, limits: [0, Infinity] }),
    labels: { x: true, y: true },
    levels: [{ y: level, style: frozenStyle }],
    series,
  });
  const title = textAt(left + plotWidth / 2, height + 20, 'blocks replaced (s→L−1)', { 'text-anchor': 'middle' });
  const vertical = rotatedTitle(7, height / 2, 'spread over templates (pp)');
  return { svg: [moved(left, 0, plot), title, vertical].join(''), height: height + 24 };
}

function records({ templates, n, frozen, rows }: Prompts) {
  const byTemplate = (top1: readonly number[], shared: Record<string, string | number>) =>
    templates.map((template, at) => ({ ...shared, template, top1: top1[at], n }));
  return [
    ...byTemplate(frozen.top1, { model: 'frozen', from: '', tokens: '', spread: frozen.spread, meanAbsDifference: 0 }),
    ...rows.flatMap(({ from, tokens, top1, spread, meanAbsDifference }) =>
      byTemplate(top1, { model: 'replaced', from, tokens, spread, meanAbsDifference }),
    ),
  ];
}

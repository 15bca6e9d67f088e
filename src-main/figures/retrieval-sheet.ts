import { type Figure, figureWidths, type RetrievalSheet } from './figure.ts';
import { bare } from './format.ts';
import { fitted } from './render/font.ts';
import { element, svgDocument, textAt } from './render/svg.ts';
import { fontSize, groupTitles, seriesStyle } from './style.ts';

type Hit = RetrievalSheet['rows'][number]['hits'][number];

const groups = ['cls', 'patches'] as const;
const labelRoom = 16;
const groupGap = 10;
const cellGap = 3;
const longestPage = 640;
const same = seriesStyle(2).colour;
const other = seriesStyle(1).colour;

/** The query, then a row a layer with its nearest training images, CLS and patches apart. */
export const retrievalSheet: Figure = {
  id: 'retrieval-sheet',
  title: 'Retrieval by sparse codes',
  columns: {
    layer: 'source layer',
    tokens: 'token group of the code',
    rank: '1 = nearest',
    caption: 'of the image found',
    similarity: 'cosine of the sparse codes',
    sameClass: '1 = of the query’s class',
  },

  caption: ({ retrievalSheet: sheet }) =>
    `The training images nearest to the query${sheet ? ` (${sheet.query.caption})` : ''} by the sparse codes of each source layer, at the CLS ` +
    'token and pooled over patches, with the cosine of the codes. A solid frame and ✓: of the query’s class; a dashed one: of another.',

  async draw({ retrievalSheet: sheet }, width) {
    if (sheet === undefined || sheet.rows.length === 0) return undefined;
    const total = figureWidths[width];
    const layers = [...new Set(sheet.rows.map(({ layer }) => layer))].sort((a, b) => a - b);
    const perGroup = Math.max(...sheet.rows.map(({ hits }) => hits.length), 1);
    const cell = (total - labelRoom - groupGap - 4) / (2 * perGroup);
    const lineHeights = width === 'double' ? 17 : 9.5;
    const room = (longestPage - 70) / layers.length - lineHeights;
    const side = Math.max(14, Math.min(cell - cellGap, room, 56));
    const header = 52;
    const parts = [
      picture(sheet.query.image, labelRoom, 3, 40),
      textAt(labelRoom + 46, 20, 'query', { 'font-weight': 600 }),
      textAt(labelRoom + 46, 30, fitted(sheet.query.caption, total - labelRoom - 50, fontSize.normal)),
    ];
    for (const [at, group] of groups.entries()) {
      const x = labelRoom + at * (perGroup * cell + groupGap);
      parts.push(textAt(x, header + 5, groupTitles[group], { 'font-weight': 600 }));
      for (const [line, layer] of layers.entries()) {
        const y = header + 11 + line * (side + lineHeights);
        if (at === 0) parts.push(textAt(1, y + side / 2 + 2.4, `L${layer}`));
        const hits = sheet.rows.find((row) => row.layer === layer && row.group === group)?.hits ?? [];
        for (const [rank, hit] of hits.entries())
          parts.push(hitAt(hit, x + rank * cell, y, side, cell, width === 'double'));
      }
    }
    const height = header + 11 + layers.length * (side + lineHeights);
    return {
      svg: svgDocument(total, height, ...parts),
      rows: sheet.rows.flatMap(({ layer, group, hits }) =>
        hits.map(({ caption, similarity, sameClass }, at) => ({
          layer,
          tokens: group,
          rank: at + 1,
          caption,
          similarity,
          sameClass: Number(sameClass),
        })),
      ),
    };
  },
};

function hitAt(hit: Hit, x: number, y: number, side: number, cell: number, named: boolean): string {
  const small = { 'font-size': fontSize.small };
  const mark = hit.sameClass ? ' ✓' : '';
  return [
    picture(hit.image, x, y, side),
    element('rect', {
      x: x + 0.5,
      y: y + 0.5,
      width: side - 1,
      height: side - 1,
      fill: 'none',
      stroke: hit.sameClass ? same : other,
      'stroke-width': hit.sameClass ? 1.2 : 0.8,
      'stroke-dasharray': hit.sameClass ? undefined : '2 1.5',
    }),
    textAt(x, y + side + 6.5, `${bare(hit.similarity, 2)}${mark}`, small),
    ...(named ? [textAt(x, y + side + 13.5, fitted(hit.caption, cell - cellGap, fontSize.small), small)] : []),
  ].join('');
}

function picture(href: string, x: number, y: number, side: number): string {
  return element('image', {
    x,
    y,
    width: side,
    height: side,
    preserveAspectRatio: 'xMidYMid meet',
    'xlink:href': href,
  });
}

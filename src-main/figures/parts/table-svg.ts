import type { FigureTable } from '../figure.ts';
import { textWidth } from '../render/font.ts';
import { element, svgDocument, textAt } from '../render/svg.ts';
import { fontSize, ink } from '../style.ts';

const lineHeight = 9;
const columnGap = 5;

/**
 * A table in the printed manner: a rule above, below the heading and at the end, sections under their own small
 * headings. A heading breaks at its spaces; `width` in points.
 */
export function tableSvg({ columns, sections }: FigureTable, width: number): string {
  const headings = columns.map(({ title }) => title.split(' '));
  const natural = columns.map((_, column) =>
    Math.max(
      ...headings[column].map((word) => textWidth(word, fontSize.small, 'bold')),
      ...sections.flatMap(({ rows }) => rows.map((row) => textWidth(row[column] ?? '', fontSize.small))),
    ),
  );
  const used = natural.reduce((sum, value) => sum + value, 0);
  const gap = Math.max((width - 4 - used) / Math.max(columns.length - 1, 1), 2);
  // Wide pages would tear columns apart; what is left over stays to the right.
  const spacing = Math.min(gap, columnGap * 5);
  const starts = natural.map(
    (_, column) => 2 + natural.slice(0, column).reduce((sum, value) => sum + value + spacing, 0),
  );
  const tableWidth = Math.min(width, (starts.at(-1) ?? 0) + (natural.at(-1) ?? 0) + 2);

  const cell = (column: number, y: number, text: string, bold = false) => {
    const right = columns[column].align === 'right';
    return textAt(starts[column] + (right ? natural[column] : 0), y, text, {
      'font-size': fontSize.small,
      'text-anchor': right ? 'end' : undefined,
      'font-weight': bold ? 600 : undefined,
    });
  };
  const parts: string[] = [];
  const headingLines = Math.max(...headings.map((words) => words.length));
  for (const [column, words] of headings.entries()) {
    for (const [at, word] of words.entries()) {
      parts.push(cell(column, 11 + (headingLines - words.length + at) * 8, word, true));
    }
  }
  let y = 6 + headingLines * 8 + 2;
  const lines = [rule(2, tableWidth, 0.9), rule(y, tableWidth, 0.5)];
  for (const [at, { title, rows }] of sections.entries()) {
    if (title !== '') {
      y += lineHeight + (at > 0 ? 3 : 1);
      parts.push(textAt(2, y, title, { 'font-size': fontSize.small, 'font-weight': 600 }));
    }
    for (const row of rows) {
      y += lineHeight;
      parts.push(...row.map((text, column) => cell(column, y, text)));
    }
  }
  lines.push(rule(y + 4, tableWidth, 0.9));
  return svgDocument(width, y + 7, ...lines, ...parts);
}

function rule(y: number, width: number, thickness: number): string {
  return element('line', { x1: 0, y1: y, x2: width, y2: y, stroke: ink.text, 'stroke-width': thickness });
}

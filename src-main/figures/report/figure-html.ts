import type { Figure, FigureInput } from '../figure.ts';
import { element, escapeText, heading, htmlTable, paragraph, recordTable } from './html.ts';

/** Longer tables would make the page heavy and nobody wiser. */
const mostRows = 300;

/** A figure with its caption and numbers, or a table; empty when the input has no numbers for it. */
export async function figureHtml(figure: Figure, input: FigureInput): Promise<string> {
  const drawing = await figure.draw(input, 'double');
  if (drawing === undefined) return '';
  const caption = figure.caption(input);
  if (drawing.table) return heading(4, figure.title) + htmlTable(caption, drawing.table);
  const numbers =
    drawing.rows.length > mostRows
      ? paragraph(`Its ${drawing.rows.length} numbers are in ${figure.id}.csv of an export.`, 'quiet')
      : element(
          'details',
          {},
          element('summary', {}, 'Numbers'),
          htmlTable(columnNote(figure), recordTable(drawing.rows, figure.columns)),
        );
  const picture = element(
    'figure',
    {},
    element('div', { class: 'card' }, inline(drawing.svg, figure.title)),
    element('figcaption', {}, escapeText(caption)),
  );
  return heading(4, figure.title) + picture + numbers;
}

/** The drawing as part of a page: a picture with a name for those who do not see it. */
function inline(svg: string, title: string): string {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  const tall = Number(height) > 1.1 * Number(width);
  const open = `<svg role="img" aria-label="${escapeText(title)}"${tall ? ' class="tall"' : ''}`;
  const inside = svg.indexOf('>') + 1;
  const head = svg.slice('<svg'.length, inside).replace(/ xmlns(:xlink)?="[^"]*"/g, '');
  const body = svg.slice(inside).replaceAll('xlink:href=', 'href=');
  return `${open}${head}${element('title', {}, escapeText(title))}${body}`;
}

function columnNote({ title, columns }: Figure): string {
  const units = Object.entries(columns).map(([name, unit]) => `${name}: ${unit}`);
  return `${title} in numbers (${units.join('; ')}).`;
}

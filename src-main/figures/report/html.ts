import type { Cell, FigureTable } from '../figure.ts';
import { element, escapeText } from '../render/svg.ts';

export { element, escapeText };

export function paragraph(text: string, kind?: string): string {
  return element('p', { class: kind }, escapeText(text));
}

export function heading(level: 2 | 3 | 4, text: string, id?: string): string {
  return element(`h${level}`, { id }, escapeText(text));
}

/** A table with a caption, its heading cells scoped, wide ones in a box that scrolls. */
export function htmlTable(caption: string, { columns, sections }: FigureTable): string {
  const head = columns.map(({ title, align }) => element('th', { scope: 'col', class: align }, escapeText(title)));
  const bodies = sections.map(({ title, rows }) => {
    const name = element('th', { scope: 'rowgroup', colspan: columns.length, class: 'left' }, escapeText(title));
    return element(
      'tbody',
      {},
      ...(title === '' ? [] : [element('tr', {}, name)]),
      ...rows.map((row) => element('tr', {}, ...row.map((text, at) => cell(text, at, columns[at].align)))),
    );
  });
  const table = element(
    'table',
    {},
    element('caption', {}, escapeText(caption)),
    element('thead', {}, element('tr', {}, ...head)),
    ...bodies,
  );
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption.split(/[.(]/)[0].trim() },
    table,
  );
}

function cell(text: string, at: number, align: string): string {
  if (at === 0) return element('th', { scope: 'row', class: align }, escapeText(text));
  return element('td', { class: align }, escapeText(text));
}

/** Records as a table: numbers to four significant digits, columns that say nothing here left out. */
export function recordTable(
  rows: readonly Readonly<Record<string, Cell>>[],
  columns: Readonly<Record<string, string>>,
): FigureTable {
  const names = Object.keys(columns).filter((name) => rows.some((row) => row[name] !== undefined && row[name] !== ''));
  return {
    columns: names.map((name) => ({
      title: name,
      align: rows.every((row) => typeof row[name] !== 'string' || row[name] === '') ? 'right' : 'left',
    })),
    sections: [{ title: '', rows: rows.map((row) => names.map((name) => shown(row[name] ?? ''))) }],
  };
}

function shown(value: Cell): string {
  if (typeof value === 'string' || Number.isInteger(value)) return String(value);
  return Math.abs(value) < 1e-4 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

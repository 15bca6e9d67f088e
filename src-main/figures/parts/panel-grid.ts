import { fitted } from '../render/font.ts';
import { moved, svgDocument, textAt } from '../render/svg.ts';
import { fontSize } from '../style.ts';
import { type LegendEntry, legend } from './legend.ts';
import { type LinePanel, linePanel, type Series } from './line-panel.ts';
import type { Scale } from './ticks.ts';

export interface GridRow {
  /** Of the vertical axis. */
  title: string;
  y: Scale;
  panels: readonly { series: readonly Series[]; levels?: LinePanel['levels'] }[];
  /** One a panel, above it; a first row's stand for its columns. */
  titles?: readonly string[];
}

export interface PanelGrid {
  width: number;
  /** Of one panel. */
  panelHeight: number;
  columns: number;
  xTitle: string;
  /** The horizontal scale for panels of this width. */
  x(panelWidth: number): Scale;
  rows: readonly GridRow[];
  legend: readonly LegendEntry[];
}

const left = 33;
const right = 4;
const gap = 7;
const titleHeight = 11;

/** Small multiples: panels of a row share the vertical axis, those of a column the horizontal one. */
export async function panelGrid(grid: PanelGrid): Promise<string> {
  const width = (grid.width - left - right - gap * (grid.columns - 1)) / grid.columns;
  const key = legend(grid.legend, grid.width - left - right);
  const x = grid.x(width);
  const parts = [moved(left, 3, key.svg)];
  let bottom = key.height + 4 - gap;
  for (const [line, row] of grid.rows.entries()) {
    const y = bottom + gap + (row.titles ? titleHeight : 0);
    bottom = y + grid.panelHeight;
    for (const [column, title] of (row.titles ?? []).entries()) {
      const middle = left + column * (width + gap) + width / 2;
      const shown = fitted(title, width + gap, fontSize.normal);
      parts.push(textAt(middle, y - 4, shown, { 'text-anchor': 'middle', 'font-weight': 600 }));
    }
    parts.push(rotatedTitle(7, y + grid.panelHeight / 2, row.title));
    for (const [column, panel] of row.panels.entries()) {
      // A last row may be shorter than the others: the panels above its gap keep their labels.
      const labels = { x: grid.rows[line + 1]?.panels[column] === undefined, y: column === 0 };
      const plot = await linePanel({ width, height: grid.panelHeight, x, y: row.y, labels, ...panel });
      parts.push(moved(left + column * (width + gap), y, plot));
    }
  }
  const middle = left + (grid.width - left - right) / 2;
  parts.push(textAt(middle, bottom + 20, grid.xTitle, { 'text-anchor': 'middle' }));
  return svgDocument(grid.width, bottom + 24, ...parts);
}

/** The title of a vertical axis, read from below, centred on (x, y). */
export function rotatedTitle(x: number, y: number, title: string): string {
  return textAt(0, 0, title, {
    'text-anchor': 'middle',
    'font-size': fontSize.normal,
    transform: `translate(${x},${y}) rotate(-90)`,
  });
}

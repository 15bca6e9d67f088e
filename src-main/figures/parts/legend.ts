import { textWidth } from '../render/font.ts';
import { element, marker, textAt } from '../render/svg.ts';
import { fontSize, type SeriesStyle } from '../style.ts';
import { markerSize } from './line-panel.ts';

export interface LegendEntry {
  name: string;
  style: SeriesStyle;
  /** What the series is drawn with. */
  mark: 'line' | 'level' | 'point';
}

const sample = 18;
const lineHeight = 10;

/** A legend in as many lines as `width` asks for. */
export function legend(entries: readonly LegendEntry[], width: number): { svg: string; height: number } {
  let [x, y] = [0, 0];
  const parts = entries.flatMap(({ name, style, mark }) => {
    const swatch = mark === 'point' ? 8 : sample;
    const needed = swatch + 3 + textWidth(name, fontSize.normal);
    if (x > 0 && x + needed > width) [x, y] = [0, y + lineHeight];
    const [left, middle] = [x, y + lineHeight / 2];
    x += needed + 10;
    return [
      ...(mark === 'point' ? [] : [stroke(style, left, middle)]),
      ...(mark === 'level' ? [] : [marker(style, left + swatch / 2, middle, markerSize(style))]),
      textAt(left + swatch + 3, middle + 2.4, name),
    ];
  });
  return { svg: parts.join(''), height: entries.length === 0 ? 0 : y + lineHeight + 4 };
}

function stroke({ colour, dash }: SeriesStyle, x: number, y: number): string {
  const dashes = dash.length > 0 ? dash.join(' ') : undefined;
  return element('line', {
    x1: x,
    y1: y,
    x2: x + sample,
    y2: y,
    stroke: colour,
    'stroke-width': 1.1,
    'stroke-dasharray': dashes,
  });
}

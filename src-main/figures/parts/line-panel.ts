import type { TopLevelSpec } from 'vega-lite';
import { vegaPlot } from '../render/vega.ts';
import type { SeriesStyle } from '../style.ts';
import type { Scale } from './ticks.ts';

export interface Point {
  x: number;
  y: number;
  /** Half the height of the band. */
  spread?: number;
}

export interface Series {
  name: string;
  style: SeriesStyle;
  points: readonly Point[];
  /** False leaves the points unconnected. */
  line?: boolean;
}

export interface LinePanel {
  width: number;
  height: number;
  x: Scale;
  y: Scale;
  /** Panels in a row share labels. */
  labels: { x: boolean; y: boolean };
  series: readonly Series[];
  /** Horizontal lines across the panel. */
  levels?: readonly { y: number; style: SeriesStyle }[];
  /** Grid lines across x as well. */
  gridX?: boolean;
}

/** Square points; a hollow marker is larger, so that it shows around a filled one at the same place. */
export function markerSize({ hollow }: SeriesStyle): number {
  return hollow ? 18 : 9;
}

/** A plot of lines with markers and bands, as markup whose origin is its upper left corner. */
export function linePanel({ width, height, x, y, labels, series, levels = [], gridX }: LinePanel): Promise<string> {
  const shown = series.map((entry) => ({ ...entry, points: entry.points.filter((point) => drawable(point.y, y)) }));
  // Bands first, so that none veils another series' line.
  const marks = [
    ...shown
      .filter(({ points }) => points.some(({ spread }) => spread))
      .map(({ points, style }) => band(points, style, y)),
    ...shown.flatMap(({ points, style, line = true }) => [
      ...(line ? [curve(points, style)] : []),
      dots(points, style),
    ]),
  ];
  const spec: unknown = {
    layer: [
      ...levels.filter((level) => drawable(level.y, y)).map((level) => rule(level.y, level.style)),
      ...marks,
      // An axis needs a mark, and a panel may have none.
      { data: { values: [{ x: x.domain[0], y: y.domain[0] }] }, mark: { type: 'point', opacity: 0 } },
    ].map((layer) => ({
      ...layer,
      encoding: { ...axes(x, y, labels, gridX), ...('encoding' in layer ? layer.encoding : {}) },
    })),
  };
  return vegaPlot(spec as TopLevelSpec, width, height);
}

function drawable(value: number, scale: Scale): boolean {
  return scale.type === 'linear' || value > 0;
}

function axes(x: Scale, y: Scale, labels: LinePanel['labels'], gridX = false) {
  const axis = (scale: Scale, shown: boolean, grid: boolean) => ({
    values: scale.ticks.map(({ value }) => value),
    labelExpr: `${JSON.stringify(Object.fromEntries(scale.ticks.map(({ value, label }) => [value, label])))}[datum.value]`,
    labels: shown,
    title: null,
    grid,
  });
  return {
    x: {
      field: 'x',
      type: 'quantitative',
      scale: scaleOf(x),
      axis: axis(x, labels.x, gridX),
    },
    y: {
      field: 'y',
      type: 'quantitative',
      scale: scaleOf(y),
      axis: axis(y, labels.y, true),
    },
  };
}

function scaleOf({ type, domain }: Scale) {
  return type === 'log' ? { type, domain, nice: false } : { type, domain, nice: false, zero: false };
}

function dashOf(dash: readonly number[]) {
  return dash.length > 0 ? dash : undefined;
}

function curve(points: readonly Point[], { colour, dash }: SeriesStyle) {
  const values = points.map((point) => ({ x: point.x, y: point.y }));
  return { data: { values }, mark: { type: 'line', color: colour, strokeWidth: 1.1, strokeDash: dashOf(dash) } };
}

function dots(points: readonly Point[], style: SeriesStyle) {
  const { colour, shape, hollow } = style;
  const values = points.map((point) => ({ x: point.x, y: point.y }));
  const fill = hollow ? 'transparent' : colour;
  return {
    data: { values },
    mark: { type: 'point', shape, size: markerSize(style), fill, stroke: colour, strokeWidth: 0.8, opacity: 1 },
  };
}

function band(points: readonly Point[], { colour }: SeriesStyle, scale: Scale) {
  const values = points.map(({ x, y, spread = 0 }) => ({
    x,
    // A band on a log axis ends at the axis, as its lower edge may be negative.
    y: Math.max(y - spread, scale.domain[0]),
    high: Math.min(y + spread, scale.domain[1]),
  }));
  return {
    data: { values },
    mark: { type: 'area', color: colour, opacity: 0.18 },
    encoding: { y2: { field: 'high' } },
  };
}

function rule(y: number, { colour, dash }: SeriesStyle) {
  return {
    data: { values: [{ y }] },
    mark: { type: 'rule', color: colour, strokeWidth: 1, strokeDash: dashOf(dash) },
    encoding: { x: undefined },
  };
}

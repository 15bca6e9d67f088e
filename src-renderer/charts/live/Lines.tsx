import { memo } from 'react';
import { type Axis, position, ticks } from './axis.ts';
import type { PlotArea } from './plot.ts';
import { type Series, thinned } from './series.ts';

interface LinesProps {
  /** Drawn pale behind the lines: what was smoothed. */
  raw: readonly Series[];
  lines: readonly Series[];
  x: Axis;
  y: Axis;
  area: PlotArea;
  format(value: number, fine?: boolean): string;
}

const grid = 'var(--mantine-color-default-border)';
const paleInk = 'var(--mantine-color-dimmed)';
const wholeNumber = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** Axes and lines. Apart from the pointer's marks, which change far more often. */
export const Lines = memo(function Lines({ raw, lines, x, y, area, format }: LinesProps) {
  const { left, top, width, height } = area;
  const bottom = top + height;
  const toX = (value: number) => left + position(x, value) * width;
  const toY = (value: number) => bottom - position(y, value) * height;
  const yTicks = ticks(y, 4);
  // So that two ticks never read the same.
  const fine = new Set(yTicks.map((tick) => format(tick))).size < yTicks.length;
  return (
    <g fontSize={11} fill={paleInk}>
      {yTicks.map((tick) => (
        <g key={tick} transform={`translate(0, ${toY(tick).toFixed(1)})`}>
          <line x1={left} x2={left + width} stroke={grid} />
          <text x={left - 6} y={4} textAnchor="end" style={{ fontVariantNumeric: 'tabular-nums' }}>
            {format(tick, fine)}
          </text>
        </g>
      ))}
      {ticks(x, Math.max(2, Math.floor(width / 90))).map((tick) => (
        <text key={tick} x={toX(tick)} y={bottom + 15} textAnchor="middle">
          {wholeNumber.format(tick)}
        </text>
      ))}
      <svg x={left - 4} y={top - 4} width={width + 8} height={height + 8} overflow="hidden" aria-hidden="true">
        <g transform={`translate(${4 - left}, ${4 - top})`} fill="none" strokeLinejoin="round">
          {raw.map((line) => (
            <path key={line.id} d={pathOf(line)} stroke={line.color} opacity={0.25} />
          ))}
          {lines.map((line) => (
            <path key={line.id} d={pathOf(line)} stroke={line.color} strokeDasharray={line.dash} strokeWidth={1.75} />
          ))}
          {lines
            .filter((line) => line.x.length === 1)
            .map((line) => (
              <circle key={line.id} cx={toX(line.x[0])} cy={toY(line.y[0])} r={3} fill={line.color} />
            ))}
        </g>
      </svg>
    </g>
  );

  /** What a logarithm cannot show breaks the line. */
  function pathOf({ x: xs, y: ys }: Series): string {
    let path = '';
    let pen = 'M';
    for (const at of thinned(xs, ys, [x.from, x.to], width)) {
      const across = toX(xs[at]);
      const up = toY(ys[at]);
      if (!Number.isFinite(up) || !Number.isFinite(across)) {
        pen = 'M';
        continue;
      }
      path += `${pen}${across.toFixed(1)} ${up.toFixed(1)}`;
      pen = 'L';
    }
    return path;
  }
});

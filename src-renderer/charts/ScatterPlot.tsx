import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useState } from 'react';
import { linearScale } from './scale.ts';
import { Mark, type SeriesStyle } from './series.tsx';

interface ScatterPlotProps {
  title: string;
  xTitle: string;
  yTitle: string;
  /** A name beside each point, which says what it is. */
  points: readonly { label: string; x: number; y: number }[];
  style: SeriesStyle;
  formatX(value: number): string;
  formatY(value: number): string;
  height?: number;
}

const left = 62;
const right = 34;
const top = 10;
const bottom = 38;

/** Points with their names. One stop of the Tab key; arrows go from point to point in their order. */
export function ScatterPlot(props: ScatterPlotProps) {
  const { title, xTitle, yTitle, points, style, formatX, formatY, height = 340 } = props;
  const { ref: box, width: measured } = useElementSize<HTMLElement>();
  const [current, setCurrent] = useState(0);
  const width = Math.max(measured, 200);
  const xs = linearScale(
    points.map((point) => point.x),
    { count: 6 },
  );
  const ys = linearScale([0, ...points.map((point) => point.y)], { count: 5 });
  const x = (value: number) => left + (width - left - right) * xs.place(value);
  const y = (value: number) => top + (height - top - bottom) * (1 - ys.place(value));

  const move = (event: KeyboardEvent<HTMLElement>, at: number) => {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = (at + by + points.length) % points.length;
    setCurrent(next);
    event.currentTarget.parentElement?.querySelector<HTMLElement>(`[data-point="${next}"]`)?.focus();
  };

  return (
    <figure className="chart" aria-label={title} ref={box}>
      <svg width={width} height={height} aria-hidden>
        <g>
          {ys.ticks.map((tick) => (
            <g key={tick}>
              <line
                className={tick === 0 ? 'axis' : 'gridline'}
                x1={left}
                x2={width - right}
                y1={y(tick)}
                y2={y(tick)}
              />
              <text x={left - 6} y={y(tick) + 4} textAnchor="end">
                {formatY(tick)}
              </text>
            </g>
          ))}
          {xs.ticks.map((tick) => (
            <g key={tick}>
              <line
                className={tick === 0 ? 'axis' : 'gridline'}
                x1={x(tick)}
                x2={x(tick)}
                y1={top}
                y2={height - bottom}
              />
              <text x={x(tick)} y={height - bottom + 15} textAnchor="middle">
                {formatX(tick)}
              </text>
            </g>
          ))}
          <text x={left + (width - left - right) / 2} y={height - 4} textAnchor="middle">
            {xTitle}
          </text>
          <text transform={`translate(12,${top + (height - top - bottom) / 2}) rotate(-90)`} textAnchor="middle">
            {yTitle}
          </text>
        </g>
        {points.map((point) => (
          <g key={point.label} transform={`translate(${x(point.x)},${y(point.y)})`}>
            <Mark {...style} />
            <text x={7} y={-5}>
              {point.label}
            </text>
          </g>
        ))}
      </svg>
      {points.map((point, at) => (
        <button
          key={point.label}
          type="button"
          data-point={at}
          className="point"
          title={`${point.label}: ${formatX(point.x)}, ${formatY(point.y)}`}
          aria-label={`${point.label}: ${xTitle} ${formatX(point.x)}, ${yTitle} ${formatY(point.y)}`}
          tabIndex={at === current ? 0 : -1}
          style={{ left: x(point.x), top: y(point.y) }}
          onFocus={() => setCurrent(at)}
          onKeyDown={(event) => move(event, at)}
        />
      ))}
    </figure>
  );
}

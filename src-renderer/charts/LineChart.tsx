import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useState } from 'react';
import { linearScale, logScale } from './scale.ts';
import { Mark, type SeriesStyle, Swatch } from './series.tsx';

export interface LineSeries {
  id: string;
  label: string;
  style: SeriesStyle;
  /** A value for each place of the x axis; null where there is none. */
  values: readonly (number | null)[];
}

interface LineChartProps {
  /** What is plotted, in words: the chart's name for screen readers. */
  title: string;
  /** Places of the x axis, evenly spaced. */
  places: readonly string[];
  /** What a place is, in front of it: `layer`. */
  placeName: string;
  xTitle?: string;
  series: readonly LineSeries[];
  /** Values that hold everywhere, drawn across. */
  levels?: readonly { label: string; style: SeriesStyle; value: number }[];
  scale?: 'linear' | 'log';
  /** Further values that the y axis holds, so that charts side by side share it. */
  extent?: readonly number[];
  limits?: readonly [number, number];
  height?: number;
  format(value: number): string;
  /** As the axis writes it; `format` unless given. */
  formatTick?(value: number): string;
  chosen?: { series: string; place: number };
  onChoose?(choice: { series: string; place: number }): void;
}

const left = 50;
const right = 12;
const top = 10;

/** Lines over evenly spaced places. One stop of the Tab key; arrows go from point to point, Enter chooses. */
export function LineChart(props: LineChartProps) {
  const { title, places, placeName, xTitle, series, levels = [], height = 180, format, chosen, onChoose } = props;
  const { ref: box, width: measured } = useElementSize<HTMLElement>();
  const [hovered, setHovered] = useState<number>();
  const [current, setCurrent] = useState({ line: 0, place: 0 });
  const width = Math.max(measured, 120);
  const bottom = xTitle ? 34 : 20;
  const plotHeight = height - top - bottom;
  const all = [
    ...series.flatMap(({ values }) => values.filter((value) => value !== null)),
    ...levels.map(({ value }) => value),
    ...(props.extent ?? []),
  ];
  const count = plotHeight < 90 ? 3 : 5;
  const scale = props.scale === 'log' ? logScale(all) : linearScale(all, { limits: props.limits, count });
  const step = (width - left - right) / Math.max(places.length - 1, 1);
  const x = (place: number) => left + (places.length === 1 ? (width - left - right) / 2 : place * step);
  const y = (value: number) => top + plotHeight * (1 - scale.place(value));
  const formatTick = props.formatTick ?? format;
  const labelWidth = 8 + 6.5 * Math.max(...places.map((place) => place.length));
  const every = Math.max(1, Math.ceil(labelWidth / Math.max(step, 1)));
  const isAt = (line: number, place: number) => line === current.line && place === current.place;

  const move = (event: KeyboardEvent<HTMLElement>, line: number, place: number) => {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      Home: [0, -place],
      End: [0, places.length - 1 - place],
    };
    const by = steps[event.key];
    if (!by) return;
    event.preventDefault();
    const next = {
      line: (line + by[0] + series.length) % series.length,
      place: Math.min(Math.max(place + by[1], 0), places.length - 1),
    };
    setCurrent(next);
    event.currentTarget.parentElement?.querySelector<HTMLElement>(`[data-point="${next.line}/${next.place}"]`)?.focus();
  };

  return (
    <figure className="chart" aria-label={title} ref={box}>
      <svg width={width} height={height} aria-hidden>
        {scale.ticks.map((tick) => (
          <g key={tick}>
            <line className="gridline" x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
            <text x={left - 6} y={y(tick) + 4} textAnchor="end">
              {formatTick(tick)}
            </text>
          </g>
        ))}
        <line className="axis" x1={left} x2={width - right} y1={top + plotHeight} y2={top + plotHeight} />
        {places.map((place, at) => (
          <g key={place}>
            {at % every === 0 && (
              <text x={x(at)} y={top + plotHeight + 15} textAnchor="middle">
                {place}
              </text>
            )}
            <rect
              x={x(at) - step / 2}
              y={0}
              width={step}
              height={top + plotHeight}
              fill="transparent"
              onPointerEnter={() => setHovered(at)}
              onPointerLeave={() => setHovered(undefined)}
            />
          </g>
        ))}
        {xTitle && (
          <text x={left + (width - left - right) / 2} y={height - 3} textAnchor="middle">
            {xTitle}
          </text>
        )}
        <g pointerEvents="none">
          {hovered !== undefined && (
            <line className="axis" x1={x(hovered)} x2={x(hovered)} y1={top} y2={top + plotHeight} />
          )}
          {levels.map(({ label, style, value }) => (
            <line
              key={label}
              x1={left}
              x2={width - right}
              y1={y(value)}
              y2={y(value)}
              stroke={style.colour}
              strokeWidth={2}
              strokeDasharray={style.dash}
            />
          ))}
          {series.map(({ id, style, values }) => (
            <g key={id}>
              <path
                d={pathOf(values, x, y)}
                fill="none"
                stroke={style.colour}
                strokeWidth={1.8}
                strokeDasharray={style.dash}
              />
              {values.map(
                (value, place) =>
                  value !== null && (
                    <g key={places[place]} transform={`translate(${x(place)},${y(value)})`}>
                      <Mark {...style} />
                    </g>
                  ),
              )}
            </g>
          ))}
        </g>
      </svg>
      {series.map(({ id, label, values }, line) =>
        values.map(
          (value, place) =>
            value !== null && (
              <button
                key={`${id}/${places[place]}`}
                type="button"
                data-point={`${line}/${place}`}
                className={onChoose ? 'point choosable' : 'point'}
                aria-label={`${label}, ${placeName} ${places[place]}: ${format(value)}`}
                aria-pressed={onChoose ? chosen?.series === id && chosen.place === place : undefined}
                tabIndex={isAt(line, place) ? 0 : -1}
                style={{ left: x(place), top: y(value) }}
                onPointerEnter={() => setHovered(place)}
                onPointerLeave={() => setHovered(undefined)}
                onFocus={() => {
                  setCurrent({ line, place });
                  setHovered(place);
                }}
                onBlur={() => setHovered(undefined)}
                onKeyDown={(event) => move(event, line, place)}
                onClick={() => onChoose?.({ series: id, place })}
              />
            ),
        ),
      )}
      {hovered !== undefined && (
        <div
          className="chart-tooltip"
          style={
            x(hovered) > width / 2 ? { right: width - x(hovered) + 12, top: 0 } : { left: x(hovered) + 12, top: 0 }
          }
          aria-hidden
        >
          <strong>
            {placeName} {places[hovered]}
          </strong>
          {[...series.map((each) => ({ ...each, value: each.values[hovered] })), ...levels].map(
            ({ label, style, value }) => (
              <div key={label}>
                <span>
                  <Swatch style={style} /> {label}
                </span>
                <span>{value === null || value === undefined ? '–' : format(value)}</span>
              </div>
            ),
          )}
        </div>
      )}
    </figure>
  );
}

function pathOf(values: readonly (number | null)[], x: (place: number) => number, y: (value: number) => number) {
  return values
    .map((value, place) => {
      if (value === null) return '';
      const begins = place === 0 || values[place - 1] === null;
      return `${begins ? 'M' : 'L'}${x(place).toFixed(1)},${y(value).toFixed(1)}`;
    })
    .join('');
}

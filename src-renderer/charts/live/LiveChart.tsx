import './live.css';
import { Box, Group, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, memo, useMemo } from 'react';
import { type Axis, axisOver, position, valueAt } from './axis.ts';
import { Lines } from './Lines.tsx';
import { plotArea, plotHeight } from './plot.ts';
import { Readout } from './Readout.tsx';
import { nearestIndex, type Series, smooth } from './series.ts';
import { useBrush } from './use-brush.ts';
import type { LiveView } from './view.ts';

const nothing: readonly Series[] = [];

interface LiveChartProps {
  title: string;
  series: readonly Series[];
  view: LiveView;
  onView(change: Partial<LiveView>): void;
  logY: boolean;
  /** `fine`: with more digits. */
  format(value: number, fine?: boolean): string;
  /** What to say while there is no point. */
  empty: string;
}

/** Lines over training steps that grow while one looks; drag to zoom, double-click for all, arrow keys to read values. */
export const LiveChart = memo(function LiveChart({ title, series, view, onView, logY, format, empty }: LiveChartProps) {
  const { ref, width } = useElementSize();
  const { zoom, cursor, smoothing, logX } = view;
  const smoothed = useMemo(
    () => series.map((line) => ({ ...line, y: smooth(line.y, smoothing) })),
    [series, smoothing],
  );
  const x = useMemo(() => xAxis(series, zoom, logX), [series, zoom, logX]);
  const y = useMemo(() => axisOver(visible(series, x), logY), [series, x, logY]);
  const area = useMemo(() => plotArea(width), [width]);
  const brush = useBrush(area, x, onView);
  const steps = series.reduce<readonly number[]>(
    (longest, line) => (line.x.length > longest.length ? line.x : longest),
    [],
  );
  // The measured step next to the pointer: in between nothing is known.
  const at = steps[nearestIndex(steps, cursor ?? Number.POSITIVE_INFINITY)] ?? 0;
  const read = readAt(smoothed, at);
  const text = read.map(({ label, value }) => `${label} ${format(value)}`).join(', ') || empty;

  return (
    <Box component="figure" m={0} aria-label={title}>
      <Group justify="space-between" wrap="nowrap" gap="xs" mb={2}>
        <Text component="figcaption" size="sm" fw={600}>
          {title}
        </Text>
        {series.length === 1 && (
          <Text size="sm" className="number">
            {read.length > 0 && format(read[0].value)}
          </Text>
        )}
      </Group>
      <div ref={ref} style={{ position: 'relative' }}>
        {/* A slider over the steps: what it says is what a pointer reads off. */}
        <div
          role="slider"
          tabIndex={0}
          className="live-plot"
          aria-label={`${title}: step`}
          aria-valuemin={steps[0] ?? 0}
          aria-valuemax={steps.at(-1) ?? 0}
          aria-valuenow={at}
          aria-valuetext={`step ${at}: ${text}`}
          style={{ height: plotHeight }}
          onKeyDown={(event) => keyTo(event, steps, view, x, onView)}
          {...brush.handlers}
        >
          {width > 0 && (
            <svg width={width} height={plotHeight} aria-hidden="true">
              <Lines raw={smoothing > 0 ? series : nothing} lines={smoothed} x={x} y={y} area={area} format={format} />
              {cursor !== null && <Cursor x={x} cursor={at} area={area} />}
              {brush.selection && (
                <rect
                  x={brush.selection[0]}
                  width={brush.selection[1] - brush.selection[0]}
                  y={area.top}
                  height={area.height}
                  fill="var(--mantine-primary-color-filled)"
                  opacity={0.2}
                />
              )}
              {series.every((line) => line.x.length === 0) && (
                <text
                  x={area.left + area.width / 2}
                  y={area.top + area.height / 2}
                  textAnchor="middle"
                  fill="var(--mantine-color-dimmed)"
                  fontSize={12}
                >
                  {empty}
                </text>
              )}
            </svg>
          )}
        </div>
        {cursor !== null && read.length > 0 && (
          <Readout step={at} rows={read} format={format} right={position(x, at) < 0.5} top={area.top} />
        )}
      </div>
    </Box>
  );
});

function Cursor({ x, cursor, area }: { x: Axis; cursor: number; area: ReturnType<typeof plotArea> }) {
  const at = position(x, cursor);
  if (!(at >= 0 && at <= 1)) return null;
  const left = area.left + at * area.width;
  return <line x1={left} x2={left} y1={area.top} y2={area.top + area.height} stroke="currentColor" opacity={0.5} />;
}

function xAxis(series: readonly Series[], zoom: LiveView['zoom'], log: boolean): Axis {
  if (zoom) return { from: zoom[0], to: zoom[1], log };
  const ends = series.flatMap(({ x }) => (x.length > 0 ? [x[0], x[x.length - 1]] : []));
  if (log) return axisOver(ends, true);
  return { from: 0, to: Math.max(1, ...ends), log: false };
}

function* visible(series: readonly Series[], { from, to }: Axis): Generator<number> {
  for (const { x, y } of series) {
    for (let at = 0; at < x.length; at++) if (x[at] >= from && x[at] <= to) yield y[at];
  }
}

function readAt(series: readonly Series[], step: number) {
  return series.flatMap(({ id, label, color, dash, x, y }) => {
    const at = nearestIndex(x, step);
    return at < 0 ? [] : [{ id, label, color, dash, value: y[at] }];
  });
}

function keyTo(
  event: KeyboardEvent,
  steps: readonly number[],
  { cursor, zoom }: LiveView,
  x: Axis,
  onView: LiveChartProps['onView'],
): void {
  const at = nearestIndex(steps, cursor ?? Number.POSITIVE_INFINITY);
  const go = (index: number) => onView({ cursor: steps[Math.min(steps.length - 1, Math.max(0, index))] ?? null });
  const middle = cursor === null ? 0.5 : position(x, cursor);
  const scale = (factor: number) => {
    const half = factor / 2;
    onView({ zoom: [valueAt(x, middle - half), valueAt(x, middle + half)] });
  };
  const actions: Record<string, () => void> = {
    ArrowLeft: () => go(at - 1),
    ArrowRight: () => go(at + 1),
    PageUp: () => go(at + 10),
    PageDown: () => go(at - 10),
    Home: () => go(0),
    End: () => go(steps.length - 1),
    '+': () => scale(0.5),
    '-': () => zoom && scale(2),
    Escape: () => onView({ zoom: null, cursor: null }),
  };
  const action = actions[event.key];
  if (!action || steps.length === 0) return;
  event.preventDefault();
  action();
}

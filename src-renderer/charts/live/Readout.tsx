import { Paper, Text } from '@mantine/core';
import type { Series } from './series.ts';

interface ReadoutProps {
  step: number;
  rows: readonly (Pick<Series, 'id' | 'label' | 'color' | 'dash'> & { value: number })[];
  format(value: number): string;
  /** On the right side of the plot, or else on the left, away from the pointer. */
  right: boolean;
  top: number;
}

const mostRows = 12;

/** The values below the pointer. What a screen reader says comes from the plot itself. */
export function Readout({ step, rows, format, right, top }: ReadoutProps) {
  return (
    <Paper
      aria-hidden
      withBorder
      shadow="sm"
      px={8}
      py={4}
      style={{ position: 'absolute', top, zIndex: 1, pointerEvents: 'none', ...(right ? { right: 14 } : { left: 58 }) }}
    >
      <Text size="xs" c="dimmed">
        step {step.toLocaleString('en-US')}
      </Text>
      {rows.slice(0, mostRows).map(({ id, label, color, dash, value }) => (
        <div key={id} style={{ display: 'flex', gap: 8, alignItems: 'center', fontSize: 11, lineHeight: '15px' }}>
          <svg width={16} height={4} aria-hidden="true">
            <line x1={0} x2={16} y1={2} y2={2} stroke={color} strokeWidth={2} strokeDasharray={dash} />
          </svg>
          <span style={{ flex: 1, maxWidth: 150, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
            {label}
          </span>
          <span className="number">{format(value)}</span>
        </div>
      ))}
      {rows.length > mostRows && (
        <Text size="xs" c="dimmed">
          and {rows.length - mostRows} more
        </Text>
      )}
    </Paper>
  );
}

import { Anchor, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import { percent } from '../../ui/quantities.ts';
import type { Run } from './use-runs.ts';

/** What a run reached, on one line, and where the rest is. */
export function Measured({ run: { id, measured } }: { run: Run }) {
  if (!measured) return null;
  const figures = [
    ['R²', measured.r2.toFixed(3)],
    ['Cosine', measured.cosine.toFixed(3)],
    ['L0', measured.l0.toFixed(1)],
    ['Frozen top-1', percent(measured.top1)],
  ];
  return (
    <Group gap="lg" role="group" aria-label="Measured on the test split">
      {figures.map(([label, value]) => (
        <Text key={label} size="sm">
          <Text span c="dimmed" size="sm">
            {label}{' '}
          </Text>
          <Text span fw={600} size="sm" className="number">
            {value}
          </Text>
        </Text>
      ))}
      <Anchor component={Link} href={`~/fidelity?runs=${id}`} size="sm">
        Fidelity
      </Anchor>
      <Anchor component={Link} href={`~/attribution/${id}`} size="sm">
        Attribution
      </Anchor>
    </Group>
  );
}

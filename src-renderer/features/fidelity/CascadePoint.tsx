import { Alert, Group, Paper, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Results } from '../../../src-main/contract/results.ts';
import { useFlips } from '../../api/analysis.ts';
import { errorText } from '../../api/client.ts';
import { type CascadeRow, type FlipKind, flipKind, measures, windowLabel } from './cascade.ts';
import { FlippedImages } from './FlippedImages.tsx';
import { percent, points } from './format.ts';
import { groupLabels } from './metrics.ts';

interface CascadePointProps {
  run: Results['run'];
  name: string;
  row: CascadeRow;
  layers: number;
}

const kinds: readonly { value: FlipKind | 'every'; label: string }[] = [
  { value: 'every', label: 'all' },
  { value: 'lost', label: 'right → wrong' },
  { value: 'won', label: 'wrong → right' },
  { value: 'moved', label: 'wrong → wrong' },
];

/** One window of replaced blocks: its numbers, and the images whose class it changes. */
export function CascadePoint({ run, name, row, layers }: CascadePointProps) {
  const [kind, setKind] = useState<FlipKind | 'every'>('every');
  const flips = useFlips(run.id, row.from, row.tokens);
  const all = flips.data?.flips ?? [];
  const counted = (wanted: FlipKind | 'every') =>
    all.filter((flip) => wanted === 'every' || flipKind(flip) === wanted).length;
  return (
    <Paper component="section" withBorder p="sm" aria-label="Chosen window">
      <Stack gap="xs">
        <Title order={3} size="h5">
          {name}: blocks {windowLabel(row.from, layers)}, {groupLabels[row.tokens]}
        </Title>
        <SimpleGrid cols={4} spacing="xs" verticalSpacing={4}>
          <Figure label="top-1" value={percent(row.top1)} />
          <Figure label="frozen" value={percent(row.frozenTop1)} />
          <Figure label="difference (pp)" value={points(row.top1 - row.frozenTop1)} />
          <Figure label="top-5" value={percent(row.top5)} />
          {measures.map(({ key, label, meaning, format }) => (
            <Figure key={key} label={label} title={meaning} value={format(row[key])} />
          ))}
          <Figure label="images" value={String(row.n)} />
        </SimpleGrid>
        {flips.isError && (
          <Alert color="red" title="The changed images could not be read">
            {errorText(flips.error)}
          </Alert>
        )}
        {flips.data === null && (
          <Text size="sm" c="dimmed">
            Which images changed class was not kept when this run was measured: it is older than that record. Run its
            recipe in a new project to have it.
          </Text>
        )}
        {flips.data && (
          <>
            <Group justify="space-between" gap="xs">
              <Text size="sm" fw={600}>
                {all.length} of {row.n} images changed class
              </Text>
              {all.length > 0 && (
                <SegmentedControl
                  size="xs"
                  aria-label="Which changes"
                  data={kinds.map(({ value, label }) => ({ value, label: `${label} ${counted(value)}` }))}
                  value={kind}
                  onChange={(value) => setKind(value as typeof kind)}
                />
              )}
            </Group>
            <FlippedImages
              key={`${run.id}/${row.from}/${row.tokens}/${kind}`}
              dataset={run.dataset}
              classes={flips.data.classes}
              flips={all.filter((flip) => kind === 'every' || flipKind(flip) === kind)}
            />
          </>
        )}
      </Stack>
    </Paper>
  );
}

function Figure({ label, title, value }: { label: string; title?: string; value: string }) {
  return (
    <div title={title}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" fw={600} className="number" ta="left">
        {value}
      </Text>
    </div>
  );
}

import { Group, Paper, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { RunSummary } from '../../../src-main/contract/rpc.ts';
import { LayerChart } from '../../charts/LayerChart.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { RunState } from '../../ui/RunState.tsx';
import { MetricsTable } from './MetricsTable.tsx';
import { byLayer, type TokenGroup, tokenGroups } from './metrics.ts';

/** How well one run rebuilds the MLP outputs, layer by layer. */
export function RunPage({ run }: { run: RunSummary }) {
  const [group, setGroup] = useState<TokenGroup>('all');
  if (!run.reconstruction) return <NoResults run={run} />;
  const { reconstruction } = run;
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Title order={1} size="h3">
          {run.name}
        </Title>
        <RunState state={run.state} />
        <Text c="dimmed" size="sm">
          {run.sparsifier}, test split, in raw activation units
        </Text>
      </Group>
      <SimpleGrid cols={2} spacing="sm">
        <Paper withBorder p="xs">
          <LayerChart title="Cosine similarity" rows={byLayer(reconstruction, 'cosine')} series={tokenGroups} />
        </Paper>
        <Paper withBorder p="xs">
          <LayerChart title="R², variance explained" rows={byLayer(reconstruction, 'r2')} series={tokenGroups} />
        </Paper>
      </SimpleGrid>
      <Group gap="sm">
        <Text id="tokens" size="sm" fw={600}>
          Tokens
        </Text>
        <SegmentedControl
          aria-labelledby="tokens"
          size="xs"
          value={group}
          onChange={setGroup}
          data={tokenGroups.map(({ key, label }) => ({ value: key, label }))}
        />
      </Group>
      <MetricsTable rows={reconstruction[group]} />
    </Stack>
  );
}

const nextSteps: Record<RunSummary['state'], string> = {
  new: 'It has not been started. Give its recipe to strata run.',
  queued: 'It is waiting to start.',
  running: 'It is being worked on. Results appear here when it ends.',
  cancelling: 'It is being cancelled. What was done is kept.',
  succeeded: 'Its stages left no reconstruction results. Give its recipe to strata run again.',
  failed: 'Mend the cause and give its recipe to strata run again: it goes on where it stopped.',
  cancelled: 'It was cancelled. Give its recipe to strata run again: it goes on where it stopped.',
  interrupted: 'Its process ended before it did. Give its recipe to strata run again: it goes on where it stopped.',
};

function NoResults({ run }: { run: RunSummary }) {
  return (
    <Notice title={`${run.name} has no results yet`}>
      {run.error && <Text c="red">{run.error}</Text>}
      <Text>{nextSteps[run.state]}</Text>
    </Notice>
  );
}

import { Box, Group, Progress, SimpleGrid, Text } from '@mantine/core';
import { isActive, type Job } from '../../../src-main/contract/job.ts';
import { stageTitles } from '../../../src-main/contract/stages.ts';
import type { FeedStage } from '../../api/job-feed.ts';
import { useJobFeeds } from '../../api/job-feeds.ts';
import { pace, share } from '../../api/job-progress.ts';
import { duration } from '../../ui/quantities.ts';

/** The stages of a run's latest job, those to come included. */
export function Stages({ jobs }: { jobs: readonly Job[] }) {
  const latest = jobs.at(-1);
  const feeds = useJobFeeds(latest ? [latest] : []);
  const known = new Map(feeds[0]?.stages.map((stage) => [stage.id, stage]));
  const active = latest !== undefined && isActive(latest);
  return (
    <SimpleGrid cols={4} spacing="lg" verticalSpacing="xs" role="list" aria-label="Stages">
      {stageTitles.map(({ id, title }) => (
        <StageCell key={id} title={title} stage={known.get(id)} active={active} />
      ))}
    </SimpleGrid>
  );
}

interface StageCellProps {
  title: string;
  stage: FeedStage | undefined;
  /** The job has not ended. */
  active: boolean;
}

function StageCell({ title, stage, active }: StageCellProps) {
  const underWay = stage?.state === 'started' && active;
  const full = stage?.state === 'finished' || stage?.state === 'reused';
  return (
    <Box role="listitem" miw={0}>
      <Text size="sm" fw={underWay ? 600 : 400} c={stage ? undefined : 'dimmed'} truncate title={title}>
        {title}
      </Text>
      <Progress
        value={full ? 100 : stage?.progress ? 100 * share(stage.progress) : 0}
        color={full ? 'teal' : undefined}
        size={4}
        my={2}
        aria-label={title}
        transitionDuration={0}
      />
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="xs" c="dimmed" truncate>
          {underWay && stage.progress ? pace(stage.progress) : stateOf(stage, active)}
        </Text>
        <Text size="xs" c="dimmed" className="number">
          {stage?.state === 'finished' && stage.seconds !== undefined && duration(stage.seconds)}
        </Text>
      </Group>
    </Box>
  );
}

function stateOf(stage: FeedStage | undefined, active: boolean): string {
  if (!stage) return active ? 'to come' : 'not done';
  if (stage.state === 'started') return active ? 'running' : 'stopped';
  return stage.state === 'reused' ? 'done before' : 'done';
}

import { ActionIcon, Alert, Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { Activity } from '../../src-main/contract/activity.ts';
import { api } from '../api/client.ts';
import { count, duration } from './quantities.ts';

const kinds: Record<Activity['kind'], string> = { import: 'Importing', zeroShot: 'Measuring' };

interface ActivityListProps {
  activities: readonly Activity[];
}

/** Work under way with a way to stop it, and how the last ended. */
export function ActivityList({ activities }: ActivityListProps) {
  if (activities.length === 0) return null;
  return (
    <Stack gap="xs" role="group" aria-label="Work of this window">
      {activities.map((activity) =>
        activity.state === 'running' ? (
          <Running key={activity.id} activity={activity} />
        ) : (
          <Ended key={activity.id} activity={activity} />
        ),
      )}
    </Stack>
  );
}

function Running({ activity }: { activity: Activity }) {
  const { id, kind, subject, done, total, perSecond, secondsLeft } = activity;
  const title = `${kinds[kind]} ${kind === 'import' ? activity.dataset : subject}`;
  const rate = `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} images/s`;
  return (
    <Group wrap="nowrap" gap="md">
      <Stack gap={4} flex={1}>
        <Group justify="space-between">
          <Text size="sm" fw={600}>
            {title}
          </Text>
          <Text size="sm" c="dimmed" className="number">
            {total === 0
              ? 'listing files'
              : `${count(done)} of ${count(total)} images · ${rate} · ${duration(secondsLeft)} left`}
          </Text>
        </Group>
        <Progress
          value={total === 0 ? 100 : (100 * done) / total}
          animated={total === 0}
          aria-label={title}
          transitionDuration={150}
        />
      </Stack>
      <Button variant="default" size="xs" onClick={() => void api.project.endActivity({ id })}>
        Stop
      </Button>
    </Group>
  );
}

const endings = {
  succeeded: { color: 'teal', verb: { import: 'Imported', zeroShot: 'Measured' } },
  failed: { color: 'red', verb: { import: 'Could not import', zeroShot: 'Could not measure' } },
  cancelled: { color: 'gray', verb: { import: 'Stopped importing', zeroShot: 'Stopped measuring' } },
} as const;

function Ended({ activity }: { activity: Activity }) {
  const { id, state, kind, subject, dataset, message } = activity;
  if (state === 'running') return null;
  const { color, verb } = endings[state];
  const isStoppedImport = state === 'cancelled' && kind === 'import';
  return (
    <Alert color={color} p="xs" variant="light" role={state === 'failed' ? 'alert' : 'status'}>
      <Group justify="space-between" wrap="nowrap" align="start">
        <Text size="sm">
          <b>{`${verb[kind]} ${kind === 'import' ? dataset : subject}.`}</b>{' '}
          {isStoppedImport
            ? 'Nothing of it was kept; import it again when you like.'
            : state === 'cancelled'
              ? ''
              : message}{' '}
          {state === 'succeeded' && kind === 'import' && (
            <Anchor component={Link} href={`~/data/${dataset}`} size="sm" c="inherit" underline="always">
              Look at the images
            </Anchor>
          )}
        </Text>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={`Dismiss: ${verb[kind]} ${dataset}`}
          onClick={() => void api.project.endActivity({ id })}
        >
          <IconX size={14} aria-hidden />
        </ActionIcon>
      </Group>
    </Alert>
  );
}

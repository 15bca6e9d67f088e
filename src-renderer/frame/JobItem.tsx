import { Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import { isActive, type Job } from '../../src-main/contract/job.ts';
import { api, errorText } from '../api/client.ts';
import { useJobFeeds } from '../api/job-feeds.ts';
import { pace, share } from '../api/job-progress.ts';
import { duration } from '../ui/quantities.ts';
import { RunState } from '../ui/RunState.tsx';
import { jobDrawer } from './actions.ts';

const none: Job[] = [];

/** One job with what it is at, and what can be done about it. Only the latest job of a run can be taken up again. */
export function JobItem({ job, isLatest }: { job: Job; isLatest: boolean }) {
  const active = isActive(job);
  const feeds = useJobFeeds(active ? [job] : none);
  const stage = feeds[0]?.stage;
  const cancel = useMutation({ mutationFn: () => api.jobs.cancel({ jobId: job.id }) });
  const resume = useMutation({ mutationFn: () => api.jobs.start({ runId: job.runId }) });
  const failed = cancel.error ?? resume.error;
  return (
    <Stack gap={4} role="listitem" aria-label={job.id}>
      <Group justify="space-between" wrap="nowrap">
        <Anchor component={Link} href={`/runs/${job.runId}`} size="sm" fw={600} truncate onClick={jobDrawer.close}>
          {job.runId}
        </Anchor>
        <RunState state={job.state} />
      </Group>
      {active && job.state !== 'queued' && stage && (
        <>
          <Progress
            value={stage.progress ? 100 * share(stage.progress) : 0}
            aria-label={`${job.runId}: ${stage.id}`}
            size="sm"
            transitionDuration={0}
          />
          <Text size="xs" c="dimmed" className="number" ta="left">
            {stage.id}
            {stage.progress && `: ${pace(stage.progress)}`}
          </Text>
        </>
      )}
      {job.error && (
        <Text size="xs" c="red" style={{ overflowWrap: 'anywhere' }}>
          {job.error.message}
        </Text>
      )}
      {!active && (
        <Text size="xs" c="dimmed">
          {describeEnd(job)}
        </Text>
      )}
      {failed && (
        <Text size="xs" c="red" role="alert">
          {errorText(failed)}
        </Text>
      )}
      <Group gap="xs">
        {active && (
          <Button
            size="compact-xs"
            variant="default"
            disabled={job.state === 'cancelling'}
            aria-label={`Cancel ${job.runId}`}
            onClick={() => cancel.mutate()}
          >
            {job.state === 'cancelling' ? 'Stopping' : 'Cancel'}
          </Button>
        )}
        {!active && isLatest && job.state !== 'succeeded' && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Resume ${job.runId}`}
            loading={resume.isPending}
            onClick={() => resume.mutate()}
          >
            Resume
          </Button>
        )}
        <Button
          size="compact-xs"
          variant="subtle"
          component={Link}
          href={`/runs/${job.runId}/log`}
          aria-label={`Log of ${job.runId}`}
          onClick={jobDrawer.close}
        >
          Log
        </Button>
      </Group>
    </Stack>
  );
}

function describeEnd({ startedAt, finishedAt }: Job): string {
  if (!finishedAt) return '';
  const ended = new Date(finishedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  if (!startedAt) return `ended ${ended} before it began`;
  return `ended ${ended} after ${duration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)}`;
}

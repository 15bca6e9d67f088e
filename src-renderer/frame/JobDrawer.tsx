import { Button, Drawer, Stack, Text, Title, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { isActive, type Job } from '../../src-main/contract/job.ts';
import type { JobFeed } from '../api/job-feed.ts';
import { useJobFeeds } from '../api/job-feeds.ts';
import { useJobs, useProject } from '../api/queries.ts';
import { percent } from '../ui/quantities.ts';
import { jobDrawer } from './actions.ts';
import { JobItem } from './JobItem.tsx';

const pastShown = 20;

/** In the header: how many jobs there are and how far the first is; behind it, all of them. */
export function JobDrawer() {
  const project = useProject();
  const jobs = useJobs();
  const opened = jobDrawer.useOpened();
  if (!project.data) return null;
  const all = jobs.data ?? [];
  const queued = all.filter(({ state }) => state === 'queued').reverse();
  const running = all.filter((job) => isActive(job) && job.state !== 'queued');
  const past = all.filter((job) => !isActive(job));
  return (
    <>
      <Indicator running={running} queued={queued.length} />
      <Drawer
        opened={opened}
        onClose={jobDrawer.close}
        position="right"
        size={460}
        title="Jobs"
        closeButtonProps={{ 'aria-label': 'Close' }}
        attributes={{ header: { role: 'none' } }}
      >
        <Stack gap="lg">
          {all.length === 0 && (
            <Text size="sm">No jobs yet. A job carries out a run: write a recipe and start it.</Text>
          )}
          <Section title="Running" jobs={running} all={all} />
          <Section title="Queued" jobs={queued} all={all} />
          <Section title="Past" jobs={past} all={all} shown={pastShown} />
        </Stack>
      </Drawer>
    </>
  );
}

function Indicator({ running, queued }: { running: readonly Job[]; queued: number }) {
  const feeds = useJobFeeds(running.slice(0, 1));
  const active = running.length + queued;
  const progress = progressOf(feeds[0]);
  const label =
    active === 0 ? 'No job is running' : `${active} active${progress ? `, ${progress.stage} ${progress.share}` : ''}`;
  // Nothing that turns: drawing it anew all the time would take from the training.
  return (
    <Tooltip label={`${label} (Ctrl+J)`}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        leftSection={
          <IconListCheck size={18} color={running.length > 0 ? 'var(--mantine-color-anchor)' : undefined} aria-hidden />
        }
        onClick={jobDrawer.toggle}
      >
        <VisuallyHidden>Jobs</VisuallyHidden>
        <span className="number">
          {active > 0 ? active : ''}
          {progress && ` · ${progress.share}`}
        </span>
      </Button>
    </Tooltip>
  );
}

function progressOf(feed: JobFeed | undefined) {
  const stage = feed?.stage;
  if (!stage?.progress || stage.state !== 'started' || stage.progress.total === 0) return undefined;
  return { stage: stage.id, share: percent(Math.min(1, stage.progress.done / stage.progress.total), 0) };
}

interface SectionProps {
  title: string;
  jobs: readonly Job[];
  all: readonly Job[];
  shown?: number;
}

function Section({ title, jobs, all, shown = Number.POSITIVE_INFINITY }: SectionProps) {
  const [everything, setEverything] = useState(false);
  if (jobs.length === 0) return null;
  const listed = everything ? jobs : jobs.slice(0, shown);
  return (
    <section aria-label={title}>
      <Title order={2} size="h5" mb={6}>
        {title}
      </Title>
      <Stack gap="sm" role="list">
        {listed.map((job) => (
          <JobItem key={job.id} job={job} isLatest={all.find(({ runId }) => runId === job.runId) === job} />
        ))}
      </Stack>
      {jobs.length > listed.length && (
        <Button variant="subtle" size="compact-sm" mt="xs" onClick={() => setEverything(true)}>
          Show {jobs.length - listed.length} more
        </Button>
      )}
    </section>
  );
}

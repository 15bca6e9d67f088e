import { Alert, Anchor, Badge, Breadcrumbs, Button, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { IconGitFork, IconPlayerPlay, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { isActive } from '../../../src-main/contract/job.ts';
import { api, errorText } from '../../api/client.ts';
import { useJobs } from '../../api/queries.ts';
import { Loading, Notice } from '../../ui/Notice.tsx';
import { RunState } from '../../ui/RunState.tsx';
import { DeleteRuns } from './DeleteRuns.tsx';
import { when } from './format.ts';
import { Measured } from './Measured.tsx';
import { NotesEditor } from './NotesEditor.tsx';
import { RecipeText } from './RecipeText.tsx';
import { RunLog } from './RunLog.tsx';
import { Stages } from './Stages.tsx';
import { TrainingCharts } from './TrainingCharts.tsx';
import { jobsOf, type Run, useRuns } from './use-runs.ts';

const tabs = ['training', 'recipe', 'log'] as const;

/** One run: what it is doing or did, and what to do with it. */
export function RunPage({ id, tab }: { id: string; tab: string }) {
  const runs = useRuns();
  const jobs = useJobs();
  const [, navigate] = useLocation();
  if (!runs || !jobs.data) return <Loading what="Reading the run" />;
  const run = runs.find((other) => other.id === id);
  if (!run) {
    return (
      <Notice title={`There is no run ${id}`}>
        <Text>It was deleted, or belongs to another project.</Text>
        <Anchor component={Link} href="/">
          All runs
        </Anchor>
      </Notice>
    );
  }
  const own = jobsOf(jobs.data, id);
  const shown = tabs.find((known) => known === tab) ?? 'training';
  return (
    <Stack gap="sm">
      <RunHeading run={run} />
      {run.error && (
        <Alert color="red" title="The last job failed" role="alert">
          {run.error}
        </Alert>
      )}
      <Measured run={run} />
      <Tabs
        value={shown}
        onChange={(next) => navigate(next === 'training' ? `/${id}` : `/${id}/${next}`, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="sm">
          <Tabs.Tab value="training">Training</Tabs.Tab>
          <Tabs.Tab value="recipe">Recipe</Tabs.Tab>
          <Tabs.Tab value="log">Log</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="training">
          <Stack gap="md">
            <Stages jobs={own} />
            <TrainingCharts runs={[{ id, label: run.name, jobs: own }]} empty={firstPoint(run)} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="recipe">
          <RecipeText runId={id} />
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <RunLog runId={id} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function firstPoint({ state, recipe: { train } }: Run): string {
  const step = Math.min(train.evaluateEvery, train.steps);
  return state !== 'new' && isActive({ state }) ? `the first point comes at step ${step}` : 'no points';
}

function RunHeading({ run }: { run: Run }) {
  const { id, name, state, tags, note } = run;
  const [, navigate] = useLocation();
  const [deleting, setDeleting] = useState(false);
  const start = useMutation({ mutationFn: () => api.jobs.start({ runId: id }) });
  const stop = useMutation({ mutationFn: () => api.jobs.cancel({ jobId: run.jobId ?? '' }) });
  const active = state !== 'new' && isActive({ state });
  const failed = start.error ?? stop.error;
  return (
    <Stack gap={4}>
      <Breadcrumbs fz="sm">
        <Anchor component={Link} href="/" size="sm">
          Runs
        </Anchor>
        <Text size="sm">{id}</Text>
      </Breadcrumbs>
      <Group justify="space-between">
        <Group gap="sm">
          <Title order={1} size="h3">
            {name}
          </Title>
          <RunState state={state} />
          {tags.map((tag) => (
            <Badge key={tag} variant="default" tt="none">
              {tag}
            </Badge>
          ))}
          <NotesEditor run={run} />
        </Group>
        <Group gap="xs">
          {active && (
            <Button
              size="xs"
              leftSection={<IconPlayerStop size={16} aria-hidden />}
              loading={stop.isPending}
              disabled={state === 'cancelling'}
              onClick={() => stop.mutate()}
            >
              {state === 'cancelling' ? 'Stopping' : 'Stop'}
            </Button>
          )}
          {!active && state !== 'succeeded' && (
            <Button
              size="xs"
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              loading={start.isPending}
              onClick={() => start.mutate()}
            >
              {state === 'new' ? 'Start' : 'Resume'}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            component={Link}
            href={`/new/run/${id}`}
            leftSection={<IconGitFork size={16} aria-hidden />}
          >
            Fork
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={active}
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setDeleting(true)}
          >
            Delete…
          </Button>
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {run.sparsifier} on {run.model}, {run.dataset}, seed {run.seed}; made {when(run.createdAt)}
      </Text>
      {note && (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
          {note}
        </Text>
      )}
      {failed && (
        <Alert color="red" role="alert">
          {errorText(failed)}
        </Alert>
      )}
      {deleting && <DeleteRuns runIds={[id]} onDone={() => navigate('/')} onClose={() => setDeleting(false)} />}
    </Stack>
  );
}

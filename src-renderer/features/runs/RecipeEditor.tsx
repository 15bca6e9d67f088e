import { Alert, Anchor, Breadcrumbs, Button, Group, NativeSelect, Stack, Text, Title, Tooltip } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { IconPlayerPlay } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, errorText } from '../../api/client.ts';
import { projectKey, useProject } from '../../api/queries.ts';
import { Loading, Notice } from '../../ui/Notice.tsx';
import { counted } from '../../ui/quantities.ts';
import { RecipeForm } from './RecipeForm.tsx';
import { isUnderWay, useRuns } from './use-runs.ts';
import { YamlEditor } from './YamlEditor.tsx';

/** Where a recipe begins: a run to fork, a recipe that comes with Strata, or the first of those. */
type Source = { isRun: boolean; id: string } | undefined;

const checkMs = 200;

/** A recipe as a form and as text, both at once; started, it is a run. */
export function RecipeEditor({ source }: { source: Source }) {
  const templates = useQuery({
    queryKey: ['recipe-templates'],
    queryFn: () => api.runs.templates(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const fork = useQuery({
    queryKey: ['recipe', source?.id],
    queryFn: () => api.runs.recipe({ runId: source?.id ?? '' }),
    enabled: source?.isRun === true,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [, navigate] = useLocation();
  if (templates.isPending || (source?.isRun && fork.isPending)) return <Loading what="Reading the recipe" />;
  const wanted = source?.isRun ? undefined : (source?.id ?? 'demo-quick');
  const template = templates.data?.find(({ name }) => name === wanted);
  const text = source?.isRun ? fork.data?.yaml : template?.yaml;
  if (text === undefined) {
    return (
      <Notice title="There is no such recipe" urgent>
        <Text>{fork.error ? errorText(fork.error) : `None of Strata's recipes is called ${wanted}.`}</Text>
        <Anchor component={Link} href="/new">
          Begin with the quick demo
        </Anchor>
      </Notice>
    );
  }
  return (
    <Stack gap="sm">
      <Breadcrumbs fz="sm">
        <Anchor component={Link} href="/" size="sm">
          Runs
        </Anchor>
        <Text size="sm">{source?.isRun ? `fork of ${source.id}` : 'new run'}</Text>
      </Breadcrumbs>
      <Editor
        key={source?.id}
        initial={text}
        draftKey={`strata/recipe/${source?.id ?? ''}`}
        begin={
          <NativeSelect
            size="xs"
            aria-label="Begin with"
            value={template?.name ?? ''}
            onChange={({ currentTarget: { value } }) => navigate(`/new/recipe/${value}`)}
            data={[
              ...(template ? [] : [{ value: '', label: `run ${source?.id}` }]),
              ...(templates.data ?? []).map(({ name }) => ({ value: name, label: `recipe ${name}` })),
            ]}
          />
        }
        summary={template?.summary ?? 'Change what should be different: a changed recipe makes another run.'}
      />
    </Stack>
  );
}

interface EditorProps {
  initial: string;
  /** Where unsaved text outlives a reload. */
  draftKey: string;
  begin: ReactNode;
  summary: string;
}

function Editor({ initial, draftKey, begin, summary }: EditorProps) {
  const project = useProject();
  const runs = useRuns();
  const [, navigate] = useLocation();
  const [yaml, setYaml] = useState(() => window.sessionStorage.getItem(draftKey) ?? initial);
  const [settled] = useDebouncedValue(yaml, checkMs);
  const check = useQuery({
    queryKey: [projectKey, 'recipe-check', settled],
    queryFn: () => api.runs.check({ yaml: settled }),
    placeholderData: keepPreviousData,
  });
  const change = (text: string) => {
    setYaml(text);
    if (text === initial) window.sessionStorage.removeItem(draftKey);
    else window.sessionStorage.setItem(draftKey, text);
  };
  const start = useMutation({
    mutationFn: async () => {
      const { runIds } = await api.runs.create({ yaml });
      const idle = runIds.filter((id) => !isUnderWay(runs?.find((run) => run.id === id)?.state));
      // In their order: each job waits for the one before.
      for (const runId of idle) await api.jobs.start({ runId });
      return runIds;
    },
    onSuccess: (runIds) => {
      window.sessionStorage.removeItem(draftKey);
      navigate(runIds.length === 1 ? `/${runIds[0]}` : '/');
    },
  });
  const current = settled === yaml && !check.isPlaceholderData ? check.data : undefined;
  const problems = check.data?.problems ?? [];
  const ready = current !== undefined && current.problems.length === 0;
  const begins = () => {
    if (ready && !start.isPending) start.mutate();
  };
  useHotkeys([['mod+Enter', begins]], []);
  const existing = current?.runs.filter(({ exists }) => exists) ?? [];
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="nowrap">
        <Group gap="sm">
          <Title order={1} size="h3">
            Recipe
          </Title>
          {begin}
          <Text size="sm" c="dimmed" maw={460} lineClamp={1} title={summary}>
            {summary}
          </Text>
        </Group>
        <Group gap="xs" wrap="nowrap">
          {yaml !== initial && (
            <Button size="xs" variant="default" onClick={() => change(initial)}>
              Undo all
            </Button>
          )}
          <Tooltip label="Ctrl+Enter">
            <Button
              size="xs"
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              disabled={!ready}
              loading={start.isPending}
              onClick={begins}
            >
              {current && current.runs.length > 1 ? `Start ${counted(current.runs.length, 'run')}` : 'Start'}
            </Button>
          </Tooltip>
        </Group>
      </Group>
      {start.isError && (
        <Alert color="red" role="alert" title="It did not start" style={{ whiteSpace: 'pre-wrap' }}>
          {errorText(start.error)}
        </Alert>
      )}
      {existing.length > 0 && (
        <Alert color="blue" role="status" p="xs">
          <Text size="sm">
            The project has {existing.length === 1 ? 'this run' : `${existing.length} of these runs`} already:{' '}
            {existing.slice(0, 3).map(({ id }) => (
              <Anchor key={id} component={Link} href={`/${id}`} size="sm" mr="xs">
                {id}
              </Anchor>
            ))}
            Change anything, the name for one, and it makes another. Start goes on with one that was stopped.
          </Text>
        </Alert>
      )}
      <Group align="start" wrap="nowrap" gap="lg">
        <RecipeForm
          yaml={yaml}
          onChange={change}
          problems={problems}
          models={project.data?.models ?? []}
          datasets={project.data?.datasets ?? []}
        />
        <YamlEditor yaml={yaml} onChange={change} problems={problems} />
      </Group>
    </Stack>
  );
}

import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconColumns2, IconPlus, IconSearch, IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useViewState } from '../../frame/view-state.ts';
import { Loading, Notice } from '../../ui/Notice.tsx';
import { counted } from '../../ui/quantities.ts';
import { DeleteRuns } from './DeleteRuns.tsx';
import { RunsTable } from './RunsTable.tsx';
import { type Column, columns, matches, type Order, ordered } from './table.ts';
import { useRuns } from './use-runs.ts';

/** All runs of the project: find some, say something about them, compare, delete. */
export function RunsTablePage() {
  const runs = useRuns();
  const view = useViewState();
  const [, navigate] = useLocation();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [deleting, setDeleting] = useState(false);
  const filter = view.get('find') ?? '';
  const by = columns.find((column) => column === view.get('by')) ?? 'createdAt';
  const descending = (view.get('order') ?? 'down') === 'down';
  const order: Order = useMemo(() => ({ by, descending }), [by, descending]);
  const shown = useMemo(
    () =>
      ordered(
        (runs ?? []).filter((run) => matches(run, filter)),
        order,
      ),
    [runs, filter, order],
  );
  if (!runs) return <Loading what="Reading the runs" />;
  if (runs.length === 0) return <NoRuns />;

  const selected = shown.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const sortBy = (column: Column) => {
    const down = column === by ? !descending : column !== 'name';
    view.set({ by: column, order: down ? 'down' : 'up' });
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1} size="h3">
          Runs
        </Title>
        <Button component={Link} href="/new" size="xs" leftSection={<IconPlus size={16} aria-hidden />}>
          New run
        </Button>
      </Group>
      <Group gap="xs">
        <TextInput
          aria-label="Find runs by name, tag, note, sparsifier, model, data set or state"
          placeholder="Name, tag, sparsifier, model, data set, state"
          leftSection={<IconSearch size={16} aria-hidden />}
          size="xs"
          w={340}
          value={filter}
          onChange={(event) => view.set({ find: event.currentTarget.value || undefined })}
        />
        <Text size="sm" c="dimmed" role="status">
          {shown.length === runs.length
            ? counted(runs.length, 'run')
            : `${shown.length} of ${counted(runs.length, 'run')}`}
          {selected.length > 0 && `, ${selected.length} chosen`}
        </Text>
        <Group gap="xs" ml="auto">
          <Button
            size="xs"
            variant="default"
            disabled={selected.length < 2}
            leftSection={<IconColumns2 size={16} aria-hidden />}
            onClick={() => navigate(`/compare/${selected.join(',')}`)}
          >
            Compare
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={selected.length === 0}
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setDeleting(true)}
          >
            Delete…
          </Button>
        </Group>
      </Group>
      {shown.length === 0 ? (
        <Text size="sm">
          No run is called or tagged that.{' '}
          <Button variant="subtle" size="compact-sm" onClick={() => view.set({ find: undefined })}>
            Show all
          </Button>
        </Text>
      ) : (
        <RunsTable runs={shown} order={order} onSort={sortBy} chosen={chosen} onChoose={setChosen} />
      )}
      {deleting && (
        <DeleteRuns runIds={selected} onDone={() => setChosen(new Set())} onClose={() => setDeleting(false)} />
      )}
    </Stack>
  );
}

function NoRuns() {
  return (
    <Notice title="There are no runs yet">
      <Text>
        A run trains a cross-layer transcoder by a recipe and measures it. Recipes that come with Strata are a good
        beginning.
      </Text>
      <Group>
        <Button component={Link} href="/new">
          Write a recipe
        </Button>
        <Button component={Link} href="/new/recipe/demo-quick" variant="default">
          Begin with the quick demo
        </Button>
      </Group>
    </Notice>
  );
}

import { Anchor, Badge, Checkbox, Group, Table, Text, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { Link } from 'wouter';
import { percent } from '../../ui/quantities.ts';
import { RunState } from '../../ui/RunState.tsx';
import { when } from './format.ts';
import { NotesEditor } from './NotesEditor.tsx';
import type { Column, Order } from './table.ts';
import type { Run } from './use-runs.ts';

const headings: Record<Column, { label: string; number?: boolean; title?: string }> = {
  name: { label: 'Run' },
  state: { label: 'State' },
  sparsifier: { label: 'Sparsifier' },
  model: { label: 'Model' },
  dataset: { label: 'Data set' },
  seed: { label: 'Seed', number: true },
  r2: { label: 'R²', number: true, title: 'Share of the variance that is explained: mean over the layers, all tokens' },
  cosine: { label: 'Cosine', number: true, title: 'Mean over the layers, all tokens' },
  l0: { label: 'L0', number: true, title: 'Features a token: mean over the layers' },
  top1: { label: 'Frozen top-1', number: true, title: 'Zero-shot accuracy of the frozen model' },
  createdAt: { label: 'Made', number: true },
};

interface RunsTableProps {
  runs: readonly Run[];
  order: Order;
  onSort(column: Column): void;
  chosen: ReadonlySet<string>;
  onChoose(chosen: ReadonlySet<string>): void;
}

export function RunsTable({ runs, order, onSort, chosen, onChoose }: RunsTableProps) {
  const all = runs.every(({ id }) => chosen.has(id));
  const choose = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChoose(next);
  };
  return (
    <Table.ScrollContainer minWidth={900} type="native">
      <Table highlightOnHover verticalSpacing={4} fz="sm" aria-label="Runs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={30}>
              <Checkbox
                size="xs"
                aria-label="Choose all"
                checked={all}
                indeterminate={!all && runs.some(({ id }) => chosen.has(id))}
                onChange={() => onChoose(new Set(all ? [] : runs.map(({ id }) => id)))}
              />
            </Table.Th>
            {Object.entries(headings).map(([column, { label, number, title }]) => {
              const by = column as Column;
              return (
                <Table.Th
                  key={column}
                  aria-sort={order.by !== by ? 'none' : order.descending ? 'descending' : 'ascending'}
                >
                  <UnstyledButton
                    fz="sm"
                    fw={600}
                    w="100%"
                    ta={number ? 'right' : 'left'}
                    title={title}
                    style={{ whiteSpace: 'nowrap' }}
                    onClick={() => onSort(by)}
                  >
                    {label} {order.by === by && <Arrow down={order.descending} />}
                  </UnstyledButton>
                </Table.Th>
              );
            })}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Row key={run.id} run={run} chosen={chosen.has(run.id)} onChoose={(on) => choose(run.id, on)} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Arrow({ down }: { down: boolean }) {
  const Icon = down ? IconArrowDown : IconArrowUp;
  return <Icon size={12} aria-hidden />;
}

function Row({ run, chosen, onChoose }: { run: Run; chosen: boolean; onChoose(on: boolean): void }) {
  const { id, name, state, error, tags, note, measured } = run;
  return (
    <Table.Tr bg={chosen ? 'var(--mantine-color-default-hover)' : undefined}>
      <Table.Td>
        <Checkbox
          size="xs"
          aria-label={`Choose ${id}`}
          checked={chosen}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          <Anchor component={Link} href={`/${id}`} size="sm" fw={600} title={id} style={{ whiteSpace: 'nowrap' }}>
            {name}
          </Anchor>
          {tags.map((tag) => (
            <Badge key={tag} size="sm" variant="default" tt="none" style={{ flexShrink: 0 }}>
              {tag}
            </Badge>
          ))}
          <NotesEditor run={run} />
        </Group>
        {note && (
          <Text size="xs" c="dimmed" lineClamp={1} maw={320} title={note}>
            {note}
          </Text>
        )}
      </Table.Td>
      <Table.Td title={error ?? undefined}>
        <RunState state={state} />
      </Table.Td>
      <Table.Td>{run.sparsifier}</Table.Td>
      <Table.Td>{run.model}</Table.Td>
      <Table.Td>{run.dataset}</Table.Td>
      <Table.Td className="number">{run.seed}</Table.Td>
      <Table.Td className="number">{measured?.r2.toFixed(3)}</Table.Td>
      <Table.Td className="number">{measured?.cosine.toFixed(3)}</Table.Td>
      <Table.Td className="number">{measured?.l0.toFixed(1)}</Table.Td>
      <Table.Td className="number">{measured && percent(measured.top1)}</Table.Td>
      <Table.Td className="number" style={{ whiteSpace: 'nowrap' }}>
        {when(run.createdAt)}
      </Table.Td>
    </Table.Tr>
  );
}

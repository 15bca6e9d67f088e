import { Anchor, Breadcrumbs, Checkbox, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useJobs } from '../../api/queries.ts';
import { runLine } from '../../charts/live/color.ts';
import { Loading, Notice } from '../../ui/Notice.tsx';
import { percent } from '../../ui/quantities.ts';
import { RunState } from '../../ui/RunState.tsx';
import { comparedKeys } from './differences.ts';
import { TrainingCharts } from './TrainingCharts.tsx';
import { jobsOf, type Run, useRuns } from './use-runs.ts';

/** Runs side by side: what they were told to do, what they reached, and how they got there. */
export function ComparePage({ ids }: { ids: readonly string[] }) {
  const all = useRuns();
  const jobs = useJobs();
  if (!all || !jobs.data) return <Loading what="Reading the runs" />;
  const runs = ids.flatMap((id) => all.find((run) => run.id === id) ?? []);
  if (runs.length < 2) {
    return (
      <Notice title="There are no two of these runs">
        <Text>Choose at least two runs in the table, then compare them.</Text>
        <Anchor component={Link} href="/">
          All runs
        </Anchor>
      </Notice>
    );
  }
  const labels = namedApart(runs);
  return (
    <Stack gap="md">
      <Stack gap={4}>
        <Breadcrumbs fz="sm">
          <Anchor component={Link} href="/" size="sm">
            Runs
          </Anchor>
          <Text size="sm">compare</Text>
        </Breadcrumbs>
        <Title order={1} size="h3">
          {runs.length} runs compared
        </Title>
      </Stack>
      <Comparison runs={runs} labels={labels} />
      <TrainingCharts
        key={ids.join()}
        empty="no points yet"
        runs={runs.map(({ id }, at) => ({ id, label: labels[at], jobs: jobsOf(jobs.data, id) }))}
      />
    </Stack>
  );
}

/** Their names, or ids where two have the same. */
function namedApart(runs: readonly Run[]): string[] {
  return runs.map(({ id, name }) => (runs.filter((other) => other.name === name).length > 1 ? id : name));
}

function Comparison({ runs, labels }: { runs: readonly Run[]; labels: readonly string[] }) {
  const [everything, setEverything] = useState(false);
  const keys = useMemo(() => comparedKeys(runs.map(({ recipe }) => recipe)), [runs]);
  const shown = everything ? keys : keys.filter(({ differs }) => differs);
  const measured: [string, (run: Run) => string | undefined][] = [
    ['R²', ({ measured }) => measured?.r2.toFixed(3)],
    ['Cosine', ({ measured }) => measured?.cosine.toFixed(3)],
    ['L0', ({ measured }) => measured?.l0.toFixed(1)],
    ['Frozen top-1', ({ measured }) => (measured ? percent(measured.top1) : undefined)],
  ];
  return (
    <Stack gap={4}>
      <Group>
        <Text size="sm" c="dimmed" role="status">
          {keys.filter(({ differs }) => differs).length} of {keys.length} recipe keys differ
        </Text>
        <Checkbox
          size="xs"
          label="Show the equal ones too"
          checked={everything}
          onChange={(event) => setEverything(event.currentTarget.checked)}
        />
      </Group>
      <Table.ScrollContainer minWidth={300 + 160 * runs.length} type="native" maxHeight={420}>
        <Table
          fz="sm"
          verticalSpacing={3}
          aria-label="Compared runs"
          stickyHeader
          w="auto"
          miw={320 + 170 * runs.length}
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Run</Table.Th>
              {runs.map(({ id }, at) => {
                const { color, dash } = runLine(at);
                return (
                  <Table.Th key={id} className="number">
                    <svg width={24} height={8} aria-hidden="true" style={{ marginRight: 6 }}>
                      <line x2={24} y1={4} y2={4} stroke={color} strokeWidth={3} strokeDasharray={dash} />
                    </svg>
                    <Anchor component={Link} href={`/${id}`} size="sm" fw={600} title={id}>
                      {labels[at]}
                    </Anchor>
                  </Table.Th>
                );
              })}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Table.Tr>
              <Table.Th scope="row" fw={400}>
                State
              </Table.Th>
              {runs.map(({ id, state }) => (
                <Table.Td key={id} className="number">
                  <RunState state={state} />
                </Table.Td>
              ))}
            </Table.Tr>
            {measured.map(([label, value]) => (
              <Table.Tr key={label}>
                <Table.Th scope="row" fw={400}>
                  {label}
                </Table.Th>
                {runs.map((run) => (
                  <Table.Td key={run.id} className="number">
                    {value(run) ?? '–'}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
            {shown.map(({ key, values, differs }) => (
              <Table.Tr key={key} bg={differs ? 'var(--mantine-primary-color-light)' : undefined}>
                <Table.Th scope="row" fw={differs ? 600 : 400} ff="monospace">
                  {key}
                </Table.Th>
                {values.map((value, at) => (
                  <Table.Td key={runs[at].id} className="number">
                    {value ?? '–'}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

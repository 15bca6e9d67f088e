import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { RunSummary } from '../../../src-main/contract/rpc/project.ts';
import { percent } from '../../ui/quantities.ts';
import { RunState } from '../../ui/RunState.tsx';

const numbers: readonly {
  title: string;
  about: string;
  value(measured: NonNullable<RunSummary['measured']>): string;
}[] = [
  { title: 'Cosine', about: 'of MLP outputs and reconstruction, mean over layers', value: (m) => m.cosine.toFixed(3) },
  { title: 'R²', about: 'of the reconstruction, mean over layers', value: (m) => m.r2.toFixed(3) },
  { title: 'L0', about: 'active features for a token, mean over layers', value: (m) => m.l0.toFixed(1) },
  { title: 'Top-1, frozen', about: 'zero-shot accuracy of the frozen model', value: (m) => percent(m.top1) },
];

/** Runs with their state and headline numbers, newest first. */
export function RunTable({ runs }: { runs: readonly RunSummary[] }) {
  return (
    <Table aria-label="Runs" withTableBorder highlightOnHover verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Run</Table.Th>
          <Table.Th scope="col">State</Table.Th>
          <Table.Th scope="col">Model</Table.Th>
          <Table.Th scope="col">Data set</Table.Th>
          <Table.Th scope="col">Sparsifier</Table.Th>
          <Table.Th scope="col" className="number">
            Seed
          </Table.Th>
          {numbers.map(({ title, about }) => (
            <Table.Th key={title} scope="col" className="number" title={about}>
              {title}
            </Table.Th>
          ))}
          <Table.Th scope="col" className="number">
            Made
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {runs.map((run) => (
          <Table.Tr key={run.id}>
            <Table.Th scope="row">
              <Anchor component={Link} href={`~/runs/${run.id}`} size="sm" title={`run ${run.id}`}>
                {run.name}
              </Anchor>
            </Table.Th>
            <Table.Td>
              <RunState state={run.state} />
              {run.error && (
                <Text size="xs" c="red" maw={260} truncate title={run.error}>
                  {run.error}
                </Text>
              )}
            </Table.Td>
            <Table.Td>{run.model}</Table.Td>
            <Table.Td>{run.dataset}</Table.Td>
            <Table.Td>{run.sparsifier}</Table.Td>
            <Table.Td className="number">{run.seed}</Table.Td>
            {numbers.map(({ title, value }) => (
              <Table.Td key={title} className="number">
                {run.measured ? value(run.measured) : '–'}
              </Table.Td>
            ))}
            <Table.Td className="number">
              {new Date(run.createdAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

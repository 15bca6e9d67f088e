import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { DatasetDetails } from '../../../src-main/contract/rpc/data.ts';
import { count } from '../../ui/quantities.ts';
import { withQuery } from '../../ui/query-address.ts';

/** Images of every class in every split, and how the text tower hears of the class. */
export function ClassTable({ dataset }: { dataset: DatasetDetails }) {
  const { name, classes, splits } = dataset;
  return (
    <Table aria-label="Images by class" stickyHeader highlightOnHover withTableBorder verticalSpacing={3}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col" className="number">
            No.
          </Table.Th>
          <Table.Th scope="col">Class</Table.Th>
          {splits.map((split) => (
            <Table.Th key={split.name} scope="col" className="number">
              {split.name}
            </Table.Th>
          ))}
          <Table.Th scope="col">Prompts</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {classes.map((entry, classIndex) => (
          <Table.Tr key={entry.name}>
            <Table.Td className="number">{classIndex}</Table.Td>
            <Table.Th scope="row">
              <Anchor component={Link} href={withQuery(`/${name}`, { class: classIndex })} size="sm">
                {entry.name}
              </Anchor>
            </Table.Th>
            {splits.map((split, at) => (
              <Table.Td key={split.name} className="number">
                {count(entry.counts[at])}
              </Table.Td>
            ))}
            <Table.Td maw={420}>
              <Text size="sm" c="dimmed" truncate title={entry.prompts.join('\n')}>
                {entry.prompts.join(' · ')}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot className="summary">
        <Table.Tr>
          <Table.Td />
          <Table.Th scope="row">All</Table.Th>
          {splits.map((split) => (
            <Table.Th key={split.name} className="number">
              {count(split.images)}
            </Table.Th>
          ))}
          <Table.Td />
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  );
}

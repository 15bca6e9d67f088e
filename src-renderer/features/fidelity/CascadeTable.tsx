import { Anchor, ScrollArea, Table } from '@mantine/core';
import { type CascadeRow, measures, windowLabel } from './cascade.ts';
import { percent, points } from './format.ts';
import { groupLabels } from './metrics.ts';

interface CascadeTableProps {
  rows: readonly CascadeRow[];
  layers: number;
  chosen: Pick<CascadeRow, 'from' | 'tokens'>;
  onChoose(row: CascadeRow): void;
}

/** Every window with every token group, against the frozen model. */
export function CascadeTable({ rows, layers, chosen, onChoose }: CascadeTableProps) {
  return (
    <ScrollArea type="auto">
      <Table
        aria-label="Cascaded replacement"
        striped
        highlightOnHover
        withTableBorder
        verticalSpacing={3}
        miw={900}
        fz="sm"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Blocks</Table.Th>
            <Table.Th scope="col">Tokens</Table.Th>
            <Table.Th scope="col" className="number">
              Top-1
            </Table.Th>
            <Table.Th scope="col" className="number" title="Difference to the frozen model, percentage points">
              − frozen (pp)
            </Table.Th>
            <Table.Th scope="col" className="number">
              Top-5
            </Table.Th>
            {measures.map(({ key, label, meaning }) => (
              <Table.Th key={key} scope="col" className="number" title={meaning}>
                {label}
              </Table.Th>
            ))}
            <Table.Th scope="col" className="number">
              n
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => {
            const isChosen = row.from === chosen.from && row.tokens === chosen.tokens;
            return (
              <Table.Tr
                key={`${row.from}/${row.tokens}`}
                aria-current={isChosen || undefined}
                bg={isChosen ? 'var(--mantine-primary-color-light)' : undefined}
              >
                <Table.Th scope="row">
                  <Anchor
                    component="button"
                    type="button"
                    fz="sm"
                    c="inherit"
                    underline="always"
                    aria-label={`Show blocks ${windowLabel(row.from, layers)}, ${groupLabels[row.tokens]}`}
                    onClick={() => onChoose(row)}
                  >
                    {windowLabel(row.from, layers)}
                  </Anchor>
                </Table.Th>
                <Table.Td>{groupLabels[row.tokens]}</Table.Td>
                <Table.Td className="number">{percent(row.top1)}</Table.Td>
                <Table.Td className="number">{points(row.top1 - row.frozenTop1)}</Table.Td>
                <Table.Td className="number">{percent(row.top5)}</Table.Td>
                {measures.map(({ key, format }) => (
                  <Table.Td key={key} className="number">
                    {format(row[key])}
                  </Table.Td>
                ))}
                <Table.Td className="number">{row.n}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

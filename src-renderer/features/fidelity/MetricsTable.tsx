import { Table } from '@mantine/core';
import { columns, type MetricsRow, meanOverLayers } from './metrics.ts';

/** The figures behind the charts, a row per layer and their mean. */
export function MetricsTable({ rows }: { rows: readonly MetricsRow[] }) {
  return (
    <Table
      aria-label="Reconstruction by layer"
      layout="fixed"
      striped
      highlightOnHover
      withTableBorder
      verticalSpacing={4}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Layer</Table.Th>
          {columns.map(({ key, label }) => (
            <Table.Th key={key} scope="col" className="number">
              {label}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.layer}>
            <Table.Th scope="row">{row.layer}</Table.Th>
            {columns.map(({ key, format }) => (
              <Table.Td key={key} className="number">
                {format(row[key])}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot className="summary">
        <Table.Tr>
          <Table.Th scope="row">Mean</Table.Th>
          {columns.map(({ key, format }) => (
            <Table.Th key={key} className="number">
              {format(meanOverLayers(rows, key))}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  );
}

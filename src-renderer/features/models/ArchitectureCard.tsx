import { Table } from '@mantine/core';
import type { Architecture } from '../../../src-main/contract/rpc/models.ts';
import { bytes, count } from '../../ui/quantities.ts';

/** Both towers side by side, then what they share. */
export function ArchitectureCard({ architecture }: { architecture: Architecture }) {
  const { vision, text, projection, parameters, dtypes } = architecture;
  const patches = vision.tokens - 1;
  const side = Math.round(Math.sqrt(patches));
  const rows: readonly [string, string, string][] = [
    ['Layers', count(vision.layers), count(text.layers)],
    ['Width', count(vision.width), count(text.width)],
    ['MLP width', count(vision.mlpWidth), count(text.mlpWidth)],
    ['Heads', count(vision.heads), count(text.heads)],
    ['Width of a head', count(vision.width / vision.heads), count(text.width / text.heads)],
    ['Activation', vision.activation, text.activation],
    ['Tokens', count(vision.tokens), `up to ${count(text.maxTokens)}`],
    ['Input', `${vision.imageSize} × ${vision.imageSize} pixels`, `${count(text.vocabSize)} words`],
    ['Patches', `${side} × ${side} of ${vision.patchSize} pixels, and CLS`, '–'],
  ];
  return (
    <Table aria-label="Architecture" withTableBorder verticalSpacing={3}>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          <Table.Th scope="col" className="number">
            Vision tower
          </Table.Th>
          <Table.Th scope="col" className="number">
            Text tower
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(([label, ...values]) => (
          <Table.Tr key={label}>
            <Table.Th scope="row">{label}</Table.Th>
            {values.map((value, at) => (
              <Table.Td key={at === 0 ? 'vision' : 'text'} className="number">
                {value}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot className="summary">
        <Table.Tr>
          <Table.Th scope="row">Both</Table.Th>
          <Table.Td className="number" colSpan={2}>
            {count(parameters)} parameters, {dtypes.join(' and ')}, {bytes(architecture.bytes)}; projection to{' '}
            {count(projection)}
          </Table.Td>
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  );
}

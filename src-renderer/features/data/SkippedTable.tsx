import { Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { DatasetDetails } from '../../../src-main/contract/rpc/data.ts';
import { forGood } from '../../api/catalogue.ts';
import { api, errorText } from '../../api/client.ts';
import { count } from '../../ui/quantities.ts';

const shown = 500;

/** Files that could not be read when the data set was imported, with the reason. */
export function SkippedTable({ dataset: { name, sha256, skipped } }: { dataset: DatasetDetails }) {
  const files = useQuery({
    queryKey: ['skipped', name, sha256],
    queryFn: () => api.data.skipped({ dataset: name, limit: shown }),
    enabled: skipped > 0,
    ...forGood,
  });
  if (skipped === 0) return <Text py="md">Every image of this data set could be read.</Text>;
  if (files.isError) return <Text role="alert">{errorText(files.error)}</Text>;
  return (
    <Stack gap="xs">
      <Text size="sm">
        These files were there, but could not be read as images. Mend or replace them and import the folder again under
        another name.
        {skipped > shown && ` The first ${count(shown)} of ${count(skipped)} are listed.`}
      </Text>
      <Table aria-label="Skipped files" highlightOnHover withTableBorder verticalSpacing={3}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">File</Table.Th>
            <Table.Th scope="col">Reason</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.data?.files.map(({ path, reason }) => (
            <Table.Tr key={path}>
              <Table.Th scope="row" fw={400}>
                {path}
              </Table.Th>
              <Table.Td>{reason}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

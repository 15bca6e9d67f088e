import { Anchor, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { DatasetSummary } from '../../../src-main/contract/rpc/data.ts';
import { useActivities } from '../../api/activities.ts';
import { useDatasets } from '../../api/catalogue.ts';
import { errorText } from '../../api/client.ts';
import { ActivityList } from '../../ui/ActivityList.tsx';
import { Loading, Notice } from '../../ui/Notice.tsx';
import { count } from '../../ui/quantities.ts';

/** The project's data sets with what is in them. */
export function DatasetList() {
  const datasets = useDatasets();
  const imports = useActivities().filter(({ kind }) => kind === 'import');
  if (datasets.isPending) return <Loading what="Counting images" />;
  if (datasets.isError) {
    return (
      <Notice title="The data sets could not be read" urgent>
        <Text>{errorText(datasets.error)}</Text>
      </Notice>
    );
  }
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={1} size="h3">
          Data sets
        </Title>
        <Button component={Link} href="/_import" leftSection={<IconPlus size={16} aria-hidden />} size="xs">
          Import images
        </Button>
      </Group>
      <ActivityList activities={imports} />
      {datasets.data.length === 0 ? (
        <Text>
          This project has no images yet.{' '}
          <Anchor component={Link} href="/_import">
            Import a folder of class folders, or a tar archive of one
          </Anchor>
          .
        </Text>
      ) : (
        <DatasetTable datasets={datasets.data} />
      )}
    </Stack>
  );
}

function DatasetTable({ datasets }: { datasets: readonly DatasetSummary[] }) {
  const others = (dataset: DatasetSummary) => dataset.splits.filter(({ name }) => name !== 'train' && name !== 'test');
  const images = (dataset: DatasetSummary, split: string) =>
    dataset.splits.find(({ name }) => name === split)?.images ?? 0;
  return (
    <Table aria-label="Data sets" highlightOnHover withTableBorder verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Name</Table.Th>
          {['Images', 'Train', 'Test', 'Other splits', 'Classes', 'Skipped'].map((title) => (
            <Table.Th key={title} scope="col" className="number">
              {title}
            </Table.Th>
          ))}
          <Table.Th scope="col">Place</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {datasets.map((dataset) => (
          <Table.Tr key={dataset.name}>
            <Table.Th scope="row">
              <Anchor component={Link} href={`/${dataset.name}`} size="sm">
                {dataset.name}
              </Anchor>
            </Table.Th>
            <Table.Td className="number">{count(dataset.images)}</Table.Td>
            <Table.Td className="number">{count(images(dataset, 'train'))}</Table.Td>
            <Table.Td className="number">{count(images(dataset, 'test'))}</Table.Td>
            <Table.Td className="number">
              {others(dataset)
                .map((split) => `${split.name} ${count(split.images)}`)
                .join(', ') || '–'}
            </Table.Td>
            <Table.Td className="number">{count(dataset.classes)}</Table.Td>
            <Table.Td className="number">
              {dataset.skipped === 0 ? (
                '0'
              ) : (
                <Anchor
                  component={Link}
                  href={`/${dataset.name}/skipped`}
                  size="sm"
                  aria-label={`${count(dataset.skipped)} files of ${dataset.name} were skipped: which and why`}
                >
                  {count(dataset.skipped)}
                </Anchor>
              )}
            </Table.Td>
            <Table.Td maw={320}>
              <Text size="sm" c="dimmed" truncate title={dataset.path}>
                {dataset.embedded ? 'comes with Strata' : dataset.path}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

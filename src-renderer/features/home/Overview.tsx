import { Alert, Anchor, Button, Grid, Group, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ProjectSummary } from '../../../src-main/contract/rpc/project.ts';
import { useActivities } from '../../api/activities.ts';
import { useDatasets, useModels } from '../../api/catalogue.ts';
import { ActivityList } from '../../ui/ActivityList.tsx';
import { count, short } from '../../ui/quantities.ts';
import { withQuery } from '../../ui/query-address.ts';
import { RunTable } from './RunTable.tsx';

/** The open project at a glance. */
export function Overview({ project }: { project: ProjectSummary }) {
  const activities = useActivities();
  const importing = activities.some(({ kind, state }) => kind === 'import' && state === 'running');
  const { models, datasets, runs } = project;
  const ready = models.length > 0 && datasets.length > 0;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={1} size="h3">
          {project.name}
        </Title>
        <Button component={Link} href="/open" variant="default" size="xs">
          Another project
        </Button>
      </Group>
      <ActivityList activities={activities} />
      {!ready && !importing && (
        <Alert color="blue" role="status" title="This project is not complete yet">
          A run needs a model and images.{' '}
          <Anchor
            component={Link}
            href={`/setup/${models.length === 0 ? 'model' : 'data'}`}
            size="sm"
            c="inherit"
            underline="always"
          >
            {models.length === 0 ? 'Add a model' : 'Add images'}
          </Anchor>
        </Alert>
      )}
      {ready && runs.length === 0 && <FirstRun sample={models.includes('mini-clip') && datasets.includes('emoji')} />}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Models />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Datasets />
        </Grid.Col>
      </Grid>
      <Section title={`Runs (${count(runs.length)})`} more={<More href="~/runs">Compare and start runs</More>}>
        {runs.length === 0 ? (
          <Text size="sm" c="dimmed">
            No run yet.
          </Text>
        ) : (
          <RunTable runs={runs} />
        )}
      </Section>
    </Stack>
  );
}

function FirstRun({ sample }: { sample: boolean }) {
  return (
    <Alert color="blue" role="status" title="Ready for a first run">
      <Group gap="xs">
        {sample && (
          <>
            <Text size="sm">The demo recipe trains a cross-layer transcoder for the sample's model.</Text>
            <Button component={Link} href={withQuery('~/runs/new', { template: 'demo-quick' })} size="xs">
              Demo in a hurry
            </Button>
            <Button component={Link} href={withQuery('~/runs/new', { template: 'demo' })} size="xs" variant="default">
              Whole demo
            </Button>
          </>
        )}
        <Button component={Link} href="/setup/run" size="xs" variant="default">
          Plan a run with time and memory
        </Button>
      </Group>
    </Alert>
  );
}

function Models() {
  const models = useModels();
  return (
    <Section title="Models" more={<More href="~/models/_add">Add</More>}>
      {models.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          None yet.
        </Text>
      )}
      {(models.data?.length ?? 0) > 0 && (
        <Table aria-label="Models" withTableBorder verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Name</Table.Th>
              {['Layers', 'Width', 'Tokens', 'Parameters'].map((title) => (
                <Table.Th key={title} scope="col" className="number">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {models.data?.map(({ name, architecture, problem }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">
                  <Anchor component={Link} href={`~/models/${name}`} size="sm">
                    {name}
                  </Anchor>
                </Table.Th>
                {architecture ? (
                  [architecture.vision.layers, architecture.vision.width, architecture.vision.tokens]
                    .map(count)
                    .concat(short(architecture.parameters))
                    .map((value, at) => (
                      <Table.Td key={['layers', 'width', 'tokens', 'parameters'][at]} className="number">
                        {value}
                      </Table.Td>
                    ))
                ) : (
                  <Table.Td colSpan={4}>
                    <Text size="sm" c="red" truncate title={problem ?? ''}>
                      cannot be read
                    </Text>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

function Datasets() {
  const datasets = useDatasets();
  const images = (splits: readonly { name: string; images: number }[], name: string) =>
    splits.find((split) => split.name === name)?.images ?? 0;
  return (
    <Section title="Data sets" more={<More href="~/data/_import">Import</More>}>
      {datasets.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          None yet.
        </Text>
      )}
      {(datasets.data?.length ?? 0) > 0 && (
        <Table aria-label="Data sets" withTableBorder verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Name</Table.Th>
              {['Images', 'Train', 'Test', 'Classes', 'Skipped'].map((title) => (
                <Table.Th key={title} scope="col" className="number">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {datasets.data?.map((dataset) => (
              <Table.Tr key={dataset.name}>
                <Table.Th scope="row">
                  <Anchor component={Link} href={`~/data/${dataset.name}`} size="sm">
                    {dataset.name}
                  </Anchor>
                </Table.Th>
                <Table.Td className="number">{count(dataset.images)}</Table.Td>
                <Table.Td className="number">{count(images(dataset.splits, 'train'))}</Table.Td>
                <Table.Td className="number">{count(images(dataset.splits, 'test'))}</Table.Td>
                <Table.Td className="number">{count(dataset.classes)}</Table.Td>
                <Table.Td className="number">{count(dataset.skipped)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

function Section({ title, more, children }: { title: string; more: ReactNode; children: ReactNode }) {
  return (
    <Stack gap={6} component="section" aria-label={title}>
      <Group justify="space-between">
        <Title order={2} size="h5">
          {title}
        </Title>
        {more}
      </Group>
      {children}
    </Stack>
  );
}

function More({ href, children }: { href: string; children: string }) {
  return (
    <Anchor component={Link} href={href} size="sm">
      {children}
    </Anchor>
  );
}

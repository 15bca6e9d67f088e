import { Alert, Anchor, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, Route, Switch } from 'wouter';
import type { ModelSummary } from '../../../src-main/contract/rpc/models.ts';
import { useModels } from '../../api/catalogue.ts';
import { errorText } from '../../api/client.ts';
import { Loading, Notice } from '../../ui/Notice.tsx';
import { bytes, count, short } from '../../ui/quantities.ts';
import { AddModelPage } from './AddModelPage.tsx';
import { ModelView } from './ModelView.tsx';

/** #/models: all of them. #/models/NAME: one of them; ?dataset= chooses the confusion shown. No name begins with a _. */
export default function ModelsPage() {
  return (
    <Switch>
      <Route path="/" component={ModelList} />
      <Route path="/_add" component={AddModelPage} />
      <Route path="/:name">{({ name }) => <ModelView key={name} name={decodeURIComponent(name)} />}</Route>
    </Switch>
  );
}

function ModelList() {
  const models = useModels();
  if (models.isPending) return <Loading what="Reading the models" />;
  if (models.isError) {
    return (
      <Notice title="The models could not be read" urgent>
        <Text>{errorText(models.error)}</Text>
      </Notice>
    );
  }
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={1} size="h3">
          Models
        </Title>
        <Button component={Link} href="/_add" leftSection={<IconPlus size={16} aria-hidden />} size="xs">
          Add a model
        </Button>
      </Group>
      {models.data.length === 0 ? (
        <Text>
          This project has no model yet.{' '}
          <Anchor component={Link} href="/_add">
            Add the folder of a CLIP model
          </Anchor>
          .
        </Text>
      ) : (
        <ModelTable models={models.data} />
      )}
      {models.data.map(
        ({ name, problem }) =>
          problem && (
            <Alert key={name} color="red" role="alert" title={`${name} cannot be used`}>
              {problem}
            </Alert>
          ),
      )}
    </Stack>
  );
}

const columns: readonly { title: string; value(architecture: NonNullable<ModelSummary['architecture']>): string }[] = [
  { title: 'Layers', value: ({ vision }) => count(vision.layers) },
  { title: 'Width', value: ({ vision }) => count(vision.width) },
  { title: 'Heads', value: ({ vision }) => count(vision.heads) },
  { title: 'Tokens', value: ({ vision }) => count(vision.tokens) },
  { title: 'Patch', value: ({ vision }) => count(vision.patchSize) },
  { title: 'Image', value: ({ vision }) => count(vision.imageSize) },
  { title: 'Parameters', value: ({ parameters }) => short(parameters) },
  { title: 'File', value: (architecture) => bytes(architecture.bytes) },
];

function ModelTable({ models }: { models: readonly ModelSummary[] }) {
  return (
    <Table aria-label="Models" highlightOnHover withTableBorder verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Name</Table.Th>
          {columns.map(({ title }) => (
            <Table.Th key={title} scope="col" className="number">
              {title}
            </Table.Th>
          ))}
          <Table.Th scope="col">Place</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {models.map(({ name, architecture, embedded, path }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row">
              <Anchor component={Link} href={`/${name}`} size="sm">
                {name}
              </Anchor>
            </Table.Th>
            {columns.map(({ title, value }) => (
              <Table.Td key={title} className="number">
                {architecture ? value(architecture) : '–'}
              </Table.Td>
            ))}
            <Table.Td maw={320}>
              <Text size="sm" c="dimmed" truncate title={path}>
                {embedded ? 'comes with Strata' : path}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

import {
  Alert,
  Anchor,
  Breadcrumbs,
  Code,
  CopyButton,
  Grid,
  Group,
  Stack,
  Table,
  Text,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { ModelSummary } from '../../../src-main/contract/rpc/models.ts';
import { useModels } from '../../api/catalogue.ts';
import { errorText } from '../../api/client.ts';
import { Loading, Notice } from '../../ui/Notice.tsx';
import { AccuracySection } from './AccuracySection.tsx';
import { ArchitectureCard } from './ArchitectureCard.tsx';
import { Documents } from './Documents.tsx';

export function ModelView({ name }: { name: string }) {
  const models = useModels();
  if (models.isPending) return <Loading what={`Reading ${name}`} />;
  const model = models.data?.find((one) => one.name === name);
  if (!model) {
    return (
      <Notice title={`There is no model ${name} in this project`} urgent>
        {models.isError && <Text>{errorText(models.error)}</Text>}
        <Anchor component={Link} href="/">
          All models
        </Anchor>
      </Notice>
    );
  }
  return (
    <Stack gap="md">
      <Breadcrumbs>
        <Anchor component={Link} href="/" size="sm">
          Models
        </Anchor>
        <Title order={1} size="h4">
          {name}
        </Title>
      </Breadcrumbs>
      {model.problem && (
        <Alert color="red" role="alert" title="This model cannot be used">
          {model.problem} Put it back to {model.path}, or add it again under another name.
        </Alert>
      )}
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="md">
            <Stack gap="xs" component="section" aria-label="Architecture">
              <Title order={2} size="h5">
                Architecture
              </Title>
              {model.architecture && <ArchitectureCard architecture={model.architecture} />}
            </Stack>
            <Provenance model={model} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <AccuracySection model={model} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Provenance({ model: { name, path, embedded, sha256, createdAt, problem } }: { model: ModelSummary }) {
  return (
    <Stack gap="xs" component="section" aria-label="Provenance">
      <Title order={2} size="h5">
        Provenance
      </Title>
      <Table variant="vertical" aria-label="Provenance" withTableBorder verticalSpacing={3} layout="fixed">
        <Table.Tbody>
          <Table.Tr>
            <Table.Th scope="row" w={90}>
              Folder
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {path}
              {embedded && ' (comes with Strata)'}
            </Table.Td>
          </Table.Tr>
          <Table.Tr>
            <Table.Th scope="row">SHA-256</Table.Th>
            <Table.Td>
              <Group gap="xs" wrap="nowrap">
                <Code fz={11} style={{ overflowWrap: 'anywhere' }}>
                  {sha256}
                </Code>
                <CopyButton value={sha256}>
                  {({ copied, copy }) => (
                    <UnstyledButton onClick={copy} aria-label={copied ? 'Copied' : 'Copy the hash'}>
                      {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                    </UnstyledButton>
                  )}
                </CopyButton>
              </Group>
            </Table.Td>
          </Table.Tr>
          <Table.Tr>
            <Table.Th scope="row">Added</Table.Th>
            <Table.Td>
              {new Date(createdAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
      {!problem && <Documents model={name} />}
    </Stack>
  );
}

import { Alert, Button, Group, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { FoundDataset } from '../../../src-main/contract/rpc/data.ts';
import { api, errorText } from '../../api/client.ts';
import { PathField } from '../../ui/PathField.tsx';
import { count, counted } from '../../ui/quantities.ts';

interface ImportWizardProps {
  /** More to know about what was found, such as what it would need. */
  about?(found: FoundDataset): ReactNode;
}

const titles: Record<FoundDataset['format'], string> = {
  imagefolder: 'a folder of class folders',
  tar: 'a tar archive of class folders',
};

/** A path, what lies there, and a name to import it under. The import itself goes on by itself. */
export function ImportWizard({ about }: ImportWizardProps) {
  const [path, setPath] = useState('');
  const [name, setName] = useState('');
  const [format, setFormat] = useState<FoundDataset['format'] | null>(null);
  const inspect = useMutation({
    mutationFn: (at: string) => api.data.inspect({ path: at, format: format ?? undefined }),
    onSuccess: (found) => setName(found.name),
  });
  const add = useMutation({
    mutationFn: (found: FoundDataset) => api.data.add({ path: found.path, name, format: found.format }),
    onSuccess: () => {
      setPath('');
      inspect.reset();
    },
  });
  const found = inspect.data;
  return (
    <Stack gap="md">
      <Group align="end" gap="xs">
        <PathField
          label="Folder or tar archive"
          description="One folder for each class, with train/ and test/ around them or not; PNG, JPEG or WebP. Type the path or drop it here."
          placeholder="/home/you/images"
          value={path}
          onChange={(next) => {
            setPath(next);
            inspect.reset();
          }}
          onSubmit={(next) => inspect.mutate(next)}
        />
        <Select
          label="Format"
          w={170}
          placeholder="by the path"
          clearable
          clearButtonProps={{ 'aria-label': 'Decide the format by the path' }}
          data={[
            { value: 'imagefolder', label: 'image folder' },
            { value: 'tar', label: 'tar archive' },
          ]}
          value={format}
          onChange={(next) => {
            setFormat(next === 'imagefolder' || next === 'tar' ? next : null);
            inspect.reset();
          }}
        />
        <Button
          variant="default"
          disabled={path.trim() === ''}
          loading={inspect.isPending}
          onClick={() => inspect.mutate(path.trim())}
        >
          Look
        </Button>
      </Group>
      {inspect.isError && (
        <Alert color="red" role="alert">
          {errorText(inspect.error)}
        </Alert>
      )}
      {found && (
        <Stack gap="sm" role="group" aria-label="What was found">
          <Text size="sm">
            {found.path} is {titles[found.format]} with <b>{counted(found.images, 'image')}</b> in{' '}
            {counted(found.classes.length, 'class', 'classes')}.
          </Text>
          <Table withTableBorder verticalSpacing={3} maw={520} aria-label="Images by split">
            <Table.Tbody>
              {found.splits.map((split) => (
                <Table.Tr key={split.name}>
                  <Table.Th scope="row">{split.name}</Table.Th>
                  <Table.Td className="number">{count(split.images)}</Table.Td>
                </Table.Tr>
              ))}
              <Table.Tr>
                <Table.Th scope="row">Left out: no images of a class</Table.Th>
                <Table.Td className="number">{count(found.ignored)}</Table.Td>
              </Table.Tr>
              <Table.Tr>
                <Table.Th scope="row">Named, but not there in full</Table.Th>
                <Table.Td className="number">{count(found.unreadable)}</Table.Td>
              </Table.Tr>
            </Table.Tbody>
          </Table>
          <Text size="sm" c="dimmed" lineClamp={2}>
            {found.classes.slice(0, 40).join(', ')}
            {found.classes.length > 40 && ', …'}
          </Text>
          {about?.(found)}
          <Group align="end" gap="xs">
            <TextInput
              label="Name in the project"
              description="Recipes call it so"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={add.isError && errorText(add.error)}
              w={320}
            />
            <Button disabled={name.trim() === ''} loading={add.isPending} onClick={() => add.mutate(found)}>
              Import {counted(found.images, 'image')}
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            Every image is decoded once; those that cannot be are skipped and listed with the reason. The files stay
            where they are.
          </Text>
        </Stack>
      )}
    </Stack>
  );
}

import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, errorText } from '../../api/client.ts';
import { projectKey } from '../../api/queries.ts';
import { PathField } from '../../ui/PathField.tsx';
import { ArchitectureCard } from './ArchitectureCard.tsx';

/** A path, the model that lies there, and a name to add it under. */
export function AddModel({ onAdded }: { onAdded(name: string): void }) {
  const [path, setPath] = useState('');
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const inspect = useMutation({
    mutationFn: (at: string) => api.models.inspect({ path: at }),
    onSuccess: (found) => setName(found.name),
  });
  const add = useMutation({
    mutationFn: (at: string) => api.models.add({ path: at, name }),
    onSuccess: async (model) => {
      await queries.invalidateQueries({ queryKey: [projectKey] });
      onAdded(model.name);
    },
  });
  const found = inspect.data;
  return (
    <Stack gap="md">
      <Group align="end" gap="xs">
        <PathField
          label="Folder of a CLIP model"
          description="As HuggingFace's transformers saves one: config.json, model.safetensors, preprocessor_config.json, tokenizer.json."
          placeholder="/home/you/clip-vit-base-patch32"
          value={path}
          onChange={(next) => {
            setPath(next);
            inspect.reset();
          }}
          onSubmit={(next) => inspect.mutate(next)}
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
          <ArchitectureCard architecture={found.architecture} />
          <Group align="end" gap="xs">
            <TextInput
              label="Name in the project"
              description="Recipes call it so"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={add.isError && errorText(add.error)}
              w={320}
            />
            <Button disabled={name.trim() === ''} loading={add.isPending} onClick={() => add.mutate(found.path)}>
              Add the model
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            The weights stay where they are; the project keeps their place and hash.
          </Text>
        </Stack>
      )}
    </Stack>
  );
}

import { Button, Divider, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useModels } from '../../api/catalogue.ts';
import { api, errorText } from '../../api/client.ts';
import { projectKey } from '../../api/queries.ts';
import { bytes, count } from '../../ui/quantities.ts';
import { AddModel } from '../models/AddModel.tsx';

/** The first step: which model is looked into. */
export function ModelStep({ onDone }: { onDone(): void }) {
  const models = useModels();
  const queries = useQueryClient();
  const embedded = useMutation({
    mutationFn: () => api.models.addEmbedded(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [projectKey] });
      onDone();
    },
  });
  const hasEmbedded = models.data?.some((model) => model.embedded) === true;
  return (
    <Stack gap="md">
      {models.data?.map(
        ({ name, architecture }) =>
          architecture && (
            <Text key={name} size="sm">
              <b>{name}</b>: {count(architecture.vision.layers)} layers of width {count(architecture.vision.width)},{' '}
              {count(architecture.vision.tokens)} tokens an image; {bytes(architecture.bytes)} on disk and in memory
              while it runs.
            </Text>
          ),
      )}
      {!hasEmbedded && (
        <Group>
          <Button variant="default" loading={embedded.isPending} onClick={() => embedded.mutate()}>
            Use mini-clip, which comes with Strata
          </Button>
          {embedded.isError && (
            <Text size="sm" c="red" role="alert">
              {errorText(embedded.error)}
            </Text>
          )}
        </Group>
      )}
      <Divider label={hasEmbedded ? 'another model' : 'or a model of your own'} labelPosition="left" />
      <AddModel onAdded={onDone} />
    </Stack>
  );
}

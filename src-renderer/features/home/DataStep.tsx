import { Anchor, Button, Divider, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { FoundDataset } from '../../../src-main/contract/rpc/data.ts';
import { useActivities } from '../../api/activities.ts';
import { useDatasets, useModels } from '../../api/catalogue.ts';
import { api, errorText } from '../../api/client.ts';
import { ActivityList } from '../../ui/ActivityList.tsx';
import { bytes, count, counted } from '../../ui/quantities.ts';
import { ImportWizard } from '../data/ImportWizard.tsx';

/** Patches drawn from an image unless a recipe says otherwise. */
const usualPatches = 16;

/** The second step: which images it looks at. */
export function DataStep() {
  const imports = useActivities().filter(({ kind }) => kind === 'import');
  const datasets = useDatasets();
  const hasEmbedded =
    datasets.data?.some((dataset) => dataset.embedded) === true || imports.some(({ state }) => state === 'running');
  const embedded = useMutation({ mutationFn: () => api.data.addEmbedded() });
  return (
    <Stack gap="md">
      {datasets.data?.map(({ name, images, classes, splits }) => (
        <Text key={name} size="sm">
          <Anchor component={Link} href={`~/data/${name}`} size="sm">
            {name}
          </Anchor>
          : {counted(images, 'image')} ({splits.map((split) => `${split.name} ${count(split.images)}`).join(', ')}) in{' '}
          {counted(classes, 'class', 'classes')}.
        </Text>
      ))}
      <ActivityList activities={imports} />
      {!hasEmbedded && (
        <Group>
          <Button variant="default" loading={embedded.isPending} onClick={() => embedded.mutate()}>
            Use the emoji that come with Strata
          </Button>
          {embedded.isError && (
            <Text size="sm" c="red" role="alert">
              {errorText(embedded.error)}
            </Text>
          )}
        </Group>
      )}
      <Divider label="images of your own" labelPosition="left" />
      <ImportWizard about={(found) => <Needs found={found} />} />
    </Stack>
  );
}

/** What training on these images would take on disk, for each model, with the usual number of patches. */
function Needs({ found }: { found: FoundDataset }) {
  const models = useModels();
  const train = found.splits.find(({ name }) => name === 'train')?.images ?? 0;
  return models.data?.map(({ name, architecture }) => {
    if (!architecture) return null;
    const { layers, width, tokens } = architecture.vision;
    const perImage = Math.min(usualPatches + 1, tokens);
    // A row is every layer's input and output in half precision.
    const size = train * perImage * layers * 2 * width * 2;
    return (
      <Text key={name} size="sm">
        With {name}: {count(train * perImage)} training tokens ({perImage} of {tokens} an image), {bytes(size)} of
        activations on disk.
      </Text>
    );
  });
}

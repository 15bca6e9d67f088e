import { Anchor, Button, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useLocation, useSearch } from 'wouter';
import type { Accuracy, ModelSummary } from '../../../src-main/contract/rpc/models.ts';
import { useActivities } from '../../api/activities.ts';
import { useDatasets } from '../../api/catalogue.ts';
import { api, errorText } from '../../api/client.ts';
import { projectKey } from '../../api/queries.ts';
import { ActivityList } from '../../ui/ActivityList.tsx';
import { count, percent } from '../../ui/quantities.ts';
import { withQuery } from '../../ui/query-address.ts';
import { ConfusionTable } from './ConfusionTable.tsx';

/** How well the frozen model does without training, by data set, and what it mixes up. */
export function AccuracySection({ model }: { model: ModelSummary }) {
  const { name } = model;
  const [, navigate] = useLocation();
  const datasets = useDatasets();
  const activities = useActivities().filter((one) => one.kind === 'zeroShot' && one.model === name);
  const running = activities.filter(({ state }) => state === 'running').map(({ dataset }) => dataset);
  const accuracies = useQuery({
    queryKey: [projectKey, 'accuracies', name],
    queryFn: () => api.models.accuracies({ model: name }),
  });
  const measure = useMutation({ mutationFn: (dataset: string) => api.models.measure({ model: name, dataset }) });
  const asked = new URLSearchParams(useSearch()).get('dataset');
  const testImages = (dataset: string) =>
    datasets.data?.find((one) => one.name === dataset)?.splits.find((split) => split.name === 'test')?.images ?? 0;
  const names = datasets.data?.map((dataset) => dataset.name) ?? [];
  const chosen = names.find((dataset) => dataset === asked) ?? names[0];
  return (
    <Stack gap="md">
      <Stack gap="xs" component="section" aria-label="Zero-shot accuracy">
        <Title order={2} size="h5">
          Zero-shot accuracy, frozen
        </Title>
        {names.length === 0 && datasets.isSuccess && (
          <Text size="sm">
            <Anchor component={Link} href="~/data/_import" size="sm">
              Import images
            </Anchor>{' '}
            to measure the model on.
          </Text>
        )}
        {accuracies.isError && <Text role="alert">{errorText(accuracies.error)}</Text>}
        {names.length > 0 && (
          <Table aria-label="Zero-shot accuracy" withTableBorder verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Data set</Table.Th>
                <Table.Th scope="col">Measured by</Table.Th>
                <Table.Th scope="col" className="number">
                  Images
                </Table.Th>
                <Table.Th scope="col" className="number">
                  Top-1
                </Table.Th>
                <Table.Th scope="col" className="number">
                  Top-5
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {names.map((dataset) => (
                <DatasetRows
                  key={dataset}
                  dataset={dataset}
                  known={(accuracies.data ?? []).filter((one) => one.dataset === dataset)}
                  testImages={testImages(dataset)}
                  measuring={running.includes(dataset)}
                  onMeasure={model.problem ? undefined : () => measure.mutate(dataset)}
                />
              ))}
            </Table.Tbody>
          </Table>
        )}
        {measure.isError && (
          <Text size="sm" role="alert" c="red">
            {errorText(measure.error)}
          </Text>
        )}
        <ActivityList activities={activities} />
      </Stack>
      {chosen !== undefined && (
        <ConfusionTable
          model={model}
          datasets={names}
          dataset={chosen}
          measuring={running.includes(chosen)}
          onChoose={(dataset) => navigate(withQuery(`/${name}`, { dataset }), { replace: true })}
          onMeasure={() => measure.mutate(chosen)}
        />
      )}
    </Stack>
  );
}

interface DatasetRowsProps {
  dataset: string;
  known: readonly Accuracy[];
  testImages: number;
  measuring: boolean;
  onMeasure: (() => void) | undefined;
}

function DatasetRows({ dataset, known, testImages, measuring, onMeasure }: DatasetRowsProps) {
  const whole = known.some(({ n }) => n === testImages);
  return (
    <>
      {known.map(({ run, n, top1, top5 }) => (
        <Table.Tr key={run?.id ?? 'whole'}>
          <Table.Th scope="row">{dataset}</Table.Th>
          <Table.Td>
            {run ? (
              <Anchor component={Link} href={`~/runs/${run.id}`} size="sm">
                run {run.name}
              </Anchor>
            ) : (
              'whole test split'
            )}
          </Table.Td>
          <Table.Td className="number">{count(n)}</Table.Td>
          <Table.Td className="number">{percent(top1)}</Table.Td>
          <Table.Td className="number">{percent(top5)}</Table.Td>
        </Table.Tr>
      ))}
      {!whole && (
        <Table.Tr>
          <Table.Th scope="row">{dataset}</Table.Th>
          <Table.Td colSpan={4}>
            <Button
              size="compact-xs"
              variant="default"
              loading={measuring}
              disabled={onMeasure === undefined}
              onClick={onMeasure}
              aria-label={`Measure on the test images of ${dataset}`}
            >
              Measure on all test images
            </Button>
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

import { Anchor, Button, Group, Select, Stack, Table, Text, Title, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Confusion, ModelSummary } from '../../../src-main/contract/rpc/models.ts';
import { imageUrl, useDatasets } from '../../api/catalogue.ts';
import { api, errorText } from '../../api/client.ts';
import { projectKey } from '../../api/queries.ts';
import { count, percent } from '../../ui/quantities.ts';
import { withQuery } from '../../ui/query-address.ts';

interface ConfusionTableProps {
  model: ModelSummary;
  datasets: readonly string[];
  dataset: string;
  measuring: boolean;
  onChoose(dataset: string): void;
  onMeasure(): void;
}

const examplesShown = 4;

/** The ten pairs of classes that are mixed up most often, with some of the images. */
export function ConfusionTable({ model, datasets, dataset, measuring, onChoose, onMeasure }: ConfusionTableProps) {
  const confusion = useQuery({
    queryKey: [projectKey, 'confusion', model.name, dataset],
    queryFn: () => api.models.confusion({ model: model.name, dataset }),
  });
  return (
    <Stack gap="xs" component="section" aria-label="Confusion">
      <Group justify="space-between">
        <Title order={2} size="h5">
          Ten worst class pairs
        </Title>
        {datasets.length > 1 && (
          <Select
            aria-label="Data set of the confusion"
            size="xs"
            data={[...datasets]}
            value={dataset}
            allowDeselect={false}
            onChange={(next) => next && onChoose(next)}
          />
        )}
      </Group>
      {confusion.isError && <Text role="alert">{errorText(confusion.error)}</Text>}
      {confusion.data === null && (
        <Group gap="xs">
          <Text size="sm">Which classes are mixed up is known once every test image of {dataset} was classified.</Text>
          <Button size="compact-xs" disabled={model.problem !== null} loading={measuring} onClick={onMeasure}>
            Measure now
          </Button>
        </Group>
      )}
      {confusion.data && <Pairs confusion={confusion.data} dataset={dataset} />}
    </Stack>
  );
}

function Pairs({ confusion: { n, top1, pairs }, dataset }: { confusion: Confusion; dataset: string }) {
  const stored = useDatasets().data?.find(({ name }) => name === dataset);
  if (pairs.length === 0) return <Text size="sm">All {count(n)} test images are classified rightly.</Text>;
  return (
    <>
      <Text size="sm" c="dimmed">
        Of {count(n)} test images of {dataset}, {count(Math.round(n * (1 - top1)))} are taken for another class.
      </Text>
      <Table aria-label="Ten worst class pairs" withTableBorder verticalSpacing={3} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Class</Table.Th>
            <Table.Th scope="col">taken for</Table.Th>
            <Table.Th scope="col" className="number">
              Images
            </Table.Th>
            <Table.Th scope="col" className="number">
              of
            </Table.Th>
            <Table.Th scope="col" className="number">
              Share
            </Table.Th>
            <Table.Th scope="col">
              <VisuallyHidden>Examples</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {pairs.map(({ classIndex, takenForIndex, className, takenFor, images, of, examples }) => (
            <Table.Tr key={`${classIndex}-${takenForIndex}`}>
              <Table.Td>
                <ClassLink dataset={dataset} classIndex={classIndex} name={className} />
              </Table.Td>
              <Table.Td>
                <ClassLink dataset={dataset} classIndex={takenForIndex} name={takenFor} />
              </Table.Td>
              <Table.Td className="number">{count(images)}</Table.Td>
              <Table.Td className="number">{count(of)}</Table.Td>
              <Table.Td className="number" style={{ whiteSpace: 'nowrap' }}>
                {percent(images / of, 0)}
              </Table.Td>
              <Table.Td>
                <Group gap={3} wrap="nowrap">
                  {stored &&
                    examples.slice(0, examplesShown).map((index) => (
                      <Link
                        key={index}
                        href={withQuery(`~/data/${dataset}/image/${index}`, { class: classIndex, split: 'test' })}
                        aria-label={`Image ${index}: ${className} taken for ${takenFor}`}
                      >
                        <img
                          src={imageUrl(stored, index, 96)}
                          alt=""
                          width={28}
                          height={28}
                          style={{ display: 'block' }}
                        />
                      </Link>
                    ))}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function ClassLink({ dataset, classIndex, name }: { dataset: string; classIndex: number; name: string }) {
  return (
    <Anchor component={Link} href={withQuery(`~/data/${dataset}`, { class: classIndex, split: 'test' })} size="sm">
      {name}
    </Anchor>
  );
}

import { Box, Group, Table, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { DatasetDetails } from '../../../src-main/contract/rpc/data.ts';
import type { ModelSummary } from '../../../src-main/contract/rpc/models.ts';
import { forGood } from '../../api/catalogue.ts';
import { api, errorText } from '../../api/client.ts';
import { percent } from '../../ui/quantities.ts';

interface PredictionTableProps {
  model: ModelSummary;
  dataset: DatasetDetails;
  index: number;
  /** The image's class. */
  own: number;
}

/** What the frozen model takes an image for: its five best classes by zero-shot probability. */
export function PredictionTable({ model, dataset, index, own }: PredictionTableProps) {
  const prediction = useQuery({
    queryKey: ['prediction', model.name, model.sha256, dataset.name, dataset.sha256, index],
    queryFn: ({ signal }) => api.data.predict({ model: model.name, dataset: dataset.name, image: index }, { signal }),
    ...forGood,
  });
  return (
    <Box mih={176}>
      <Text size="sm" fw={600} mb={4}>
        {model.name}, frozen
      </Text>
      {prediction.isPending && (
        <Text size="sm" c="dimmed" role="status">
          The model is looking at the image…
        </Text>
      )}
      {prediction.isError && (
        <Text size="sm" role="alert">
          {errorText(prediction.error)}
        </Text>
      )}
      {prediction.data && (
        <Table aria-label={`Prediction of ${model.name}`} verticalSpacing={2} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Class</Table.Th>
              <Table.Th scope="col" className="number" w={90}>
                Probability
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {prediction.data.top.map(({ classIndex, probability }) => (
              <Table.Tr key={classIndex}>
                <Table.Td className="probability" style={{ '--share': probability }}>
                  <Group gap={4} wrap="nowrap">
                    {classIndex === own && <IconCheck size={14} aria-label="the image's class" />}
                    <Text size="sm" fw={classIndex === own ? 600 : undefined} truncate>
                      {dataset.classes[classIndex]?.name}
                    </Text>
                  </Group>
                </Table.Td>
                <Table.Td className="number">{percent(probability)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Box>
  );
}

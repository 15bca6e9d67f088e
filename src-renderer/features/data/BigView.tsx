import { ActionIcon, Anchor, Group, Modal, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'wouter';
import type { DatasetDetails } from '../../../src-main/contract/rpc/data.ts';
import { forGood, imageUrl, useModels } from '../../api/catalogue.ts';
import { api, errorText } from '../../api/client.ts';
import { bytes, count } from '../../ui/quantities.ts';
import { withQuery } from '../../ui/query-address.ts';
import { PredictionTable } from './PredictionTable.tsx';
import type { GalleryFilter } from './use-image-pages.ts';

interface BigViewProps {
  dataset: DatasetDetails;
  filter: GalleryFilter;
  index: number;
  /** Images that pass the filter; undefined while they are counted. */
  total: number | undefined;
  onShow(index: number): void;
  onClose(): void;
}

/** One image with what is known of it. Left and right go through the images that pass the filter; Escape closes. */
export function BigView({ dataset, filter, index, total, onShow, onClose }: BigViewProps) {
  const { name, sha256, classes } = dataset;
  const models = useModels();
  const image = useQuery({
    queryKey: ['image', name, sha256, filter, index],
    queryFn: () => api.data.image({ dataset: name, ...filter, index }),
    ...forGood,
  });
  const before = useNeighbour(dataset, filter, image.data?.place, -1);
  const after = useNeighbour(dataset, filter, image.data?.place, 1);
  useHotkeys([
    ['ArrowLeft', () => before !== undefined && onShow(before)],
    ['ArrowRight', () => after !== undefined && onShow(after)],
  ]);
  const shown = image.data;
  return (
    <Modal.Root opened onClose={onClose} size={960} centered returnFocus={false}>
      <Modal.Overlay />
      {/* Without Modal's own header: the window has one, and a page has no second banner. */}
      <Modal.Content>
        <Modal.Body>
          <Group justify="space-between" mb="sm">
            <Modal.Title>
              {shown ? `${classes[shown.classIndex]?.name} · image ${index}` : `Image ${index}`}
            </Modal.Title>
            <Modal.CloseButton aria-label="Close" />
          </Group>
          {image.isError && <Text role="alert">{errorText(image.error)}</Text>}
          {shown && (
            <SimpleGrid cols={2} spacing="md">
              <Stack gap="xs">
                <img
                  className="big-picture"
                  data-small={Math.max(shown.width, shown.height) < 400 || undefined}
                  src={imageUrl(dataset, index, 1024)}
                  alt={`${classes[shown.classIndex]?.name}: ${shown.path}`}
                />
                <Group justify="space-between">
                  <Step label="The image before" to={before} Icon={IconChevronLeft} onShow={onShow} />
                  <Text size="xs" c="dimmed">
                    {shown.place === null || total === undefined
                      ? 'not among the filtered images'
                      : `${count(shown.place + 1)} of ${count(total)} · arrow keys`}
                  </Text>
                  <Step label="The image after" to={after} Icon={IconChevronRight} onShow={onShow} />
                </Group>
              </Stack>
              <Stack gap="md" style={{ minWidth: 0 }}>
                <Table aria-label="About the image" variant="vertical" withRowBorders={false} verticalSpacing={2}>
                  <Table.Tbody>
                    <Fact label="Class">
                      <Anchor
                        component={Link}
                        href={withQuery(`/${name}`, { class: shown.classIndex })}
                        size="sm"
                      >{`${shown.classIndex} · ${classes[shown.classIndex]?.name}`}</Anchor>
                    </Fact>
                    <Fact label="Split">{shown.split}</Fact>
                    <Fact label="Size">{`${shown.width} × ${shown.height} pixels, ${bytes(shown.size)}`}</Fact>
                    <Fact label="Path">{shown.path}</Fact>
                  </Table.Tbody>
                </Table>
                {models.data?.length === 0 && (
                  <Text size="sm">
                    <Anchor component={Link} href="~/models/_add" size="sm">
                      Add a model
                    </Anchor>{' '}
                    to see what it takes this image for.
                  </Text>
                )}
                {models.data?.map((model) => (
                  <PredictionTable
                    key={model.name}
                    model={model}
                    dataset={dataset}
                    index={index}
                    own={shown.classIndex}
                  />
                ))}
              </Stack>
            </SimpleGrid>
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={70}>
        {label}
      </Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
    </Table.Tr>
  );
}

interface StepProps {
  label: string;
  to: number | undefined;
  Icon: typeof IconChevronLeft;
  onShow(index: number): void;
}

function Step({ label, to, Icon, onShow }: StepProps) {
  return (
    <ActionIcon
      variant="default"
      aria-label={label}
      disabled={to === undefined}
      onClick={() => to !== undefined && onShow(to)}
    >
      <Icon size={18} aria-hidden />
    </ActionIcon>
  );
}

/** Index of the image beside a place among those that pass; its picture is fetched meanwhile. */
function useNeighbour(
  dataset: DatasetDetails,
  filter: GalleryFilter,
  place: number | null | undefined,
  by: -1 | 1,
): number | undefined {
  const { name, sha256 } = dataset;
  const queries = useQueryClient();
  const offset = (place ?? 0) + by;
  const { data } = useQuery({
    queryKey: ['neighbour', name, sha256, filter, offset],
    queryFn: () => api.data.images({ dataset: name, ...filter, offset, limit: 1 }),
    enabled: typeof place === 'number' && offset >= 0,
    ...forGood,
  });
  const next = typeof place === 'number' && offset >= 0 ? data?.images[0]?.index : undefined;
  useEffect(() => {
    if (next === undefined) return;
    new Image().src = imageUrl({ name, sha256 }, next, 1024);
    void queries.prefetchQuery({
      queryKey: ['image', name, sha256, filter, next],
      queryFn: () => api.data.image({ dataset: name, ...filter, index: next }),
      ...forGood,
    });
  }, [next, name, sha256, filter, queries]);
  return next;
}

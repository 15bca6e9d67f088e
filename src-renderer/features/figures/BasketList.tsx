import { ActionIcon, Group, Paper, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import type { BasketItem } from '../../../src-main/contract/rpc/figures.ts';
import { useBasketActions, useFigurePreview } from '../../api/analysis.ts';

interface BasketListProps {
  items: readonly BasketItem[];
  chosen: string;
  names: ReadonlyMap<string, string>;
  onChoose(id: string): void;
}

/** The basket in order. Alt with an arrow moves a figure, Delete takes it out. */
export function BasketList({ items, chosen, names, onChoose }: BasketListProps) {
  const { move, remove } = useBasketActions();
  return (
    <Stack component="ol" gap={6} m={0} p={0} style={{ listStyle: 'none' }} aria-label="Figures in order">
      {items.map((item, place) => (
        <Paper
          key={item.id}
          component="li"
          withBorder
          p={6}
          bg={item.id === chosen ? 'var(--mantine-primary-color-light)' : undefined}
        >
          <Group gap="xs" wrap="nowrap">
            <Text className="number" size="sm" c="dimmed" w={20}>
              {place + 1}
            </Text>
            <UnstyledButton
              flex={1}
              miw={0}
              aria-current={item.id === chosen || undefined}
              onClick={() => onChoose(item.id)}
              onKeyDown={(event) => {
                const by = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
                if (by !== undefined) {
                  event.preventDefault();
                  move.mutate({ id: item.id, to: Math.max(0, place + by) });
                } else if (event.key === 'Delete') remove.mutate({ id: item.id });
              }}
            >
              <ItemTitle item={item} />
              <Text size="xs" c="dimmed" truncate>
                {item.runs.map((id) => names.get(id) ?? `${id} (gone)`).join(', ')}
              </Text>
              <Text size="xs" c="dimmed">
                {item.width === 'single' ? '3.25 in' : '6.75 in'} ·{' '}
                {item.formats.map((format) => format.toUpperCase()).join(', ') || 'no format chosen'}
              </Text>
            </UnstyledButton>
            <ActionIcon.Group>
              <ActionIcon
                variant="default"
                aria-label={`Move figure ${place + 1} up`}
                disabled={place === 0}
                onClick={() => move.mutate({ id: item.id, to: place - 1 })}
              >
                <IconArrowUp size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="default"
                aria-label={`Move figure ${place + 1} down`}
                disabled={place === items.length - 1}
                onClick={() => move.mutate({ id: item.id, to: place + 1 })}
              >
                <IconArrowDown size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="default"
                aria-label={`Take figure ${place + 1} out`}
                onClick={() => remove.mutate({ id: item.id })}
              >
                <IconTrash size={14} aria-hidden />
              </ActionIcon>
            </ActionIcon.Group>
          </Group>
        </Paper>
      ))}
    </Stack>
  );
}

function ItemTitle({ item }: { item: BasketItem }) {
  const preview = useFigurePreview(item);
  return (
    <Text size="sm" fw={600} truncate>
      {preview.data?.title ?? item.figure}
      {preview.isError && ' (cannot be drawn)'}
    </Text>
  );
}

import { Alert, Button, Grid, Group, Stack, Text, Title } from '@mantine/core';
import { IconFolderDown } from '@tabler/icons-react';
import { useBasket, useBasketActions } from '../../api/analysis.ts';
import { errorText } from '../../api/client.ts';
import { useProject } from '../../api/queries.ts';
import { useViewState } from '../../frame/view-state.ts';
import { Loading } from '../../ui/Notice.tsx';
import { runNames } from '../../ui/run-names.ts';
import { AddFigure } from './AddFigure.tsx';
import { BasketList } from './BasketList.tsx';
import { FigureSheet } from './FigureSheet.tsx';

/** Figures that were put aside on other pages, to be arranged and exported: #/figures?item=ID */
export default function FiguresPage() {
  const project = useProject();
  const basket = useBasket();
  const view = useViewState();
  const { write } = useBasketActions();
  const runs = project.data?.runs ?? [];
  const names = runNames(runs);
  const items = basket.data ?? [];
  const chosen = items.find(({ id }) => id === view.get('item')) ?? items[0];
  return (
    <Stack gap="md">
      <Group justify="space-between" align="center" gap="md">
        <Title order={1} size="h3">
          Figures
        </Title>
        <Group gap="xs">
          <AddFigure runs={runs} onAdded={(id) => view.set({ item: id })} />
          <Button
            size="xs"
            leftSection={<IconFolderDown size={16} aria-hidden />}
            loading={write.isPending}
            disabled={items.length === 0}
            onClick={() => write.mutate()}
          >
            Write all to the project folder
          </Button>
        </Group>
      </Group>
      {write.isError && (
        <Alert color="red" title="The figures were not written" withCloseButton onClose={() => write.reset()}>
          {errorText(write.error)}
        </Alert>
      )}
      {write.data && (
        <Alert
          color="teal"
          variant="light"
          role="status"
          title={`${write.data.files.length} files written`}
          withCloseButton
          closeButtonLabel="Dismiss"
          onClose={() => write.reset()}
        >
          {write.data.dir}
        </Alert>
      )}
      {basket.isPending && <Loading what="Reading the basket" />}
      {basket.isError && (
        <Alert color="red" title="The basket could not be read">
          {errorText(basket.error)}
        </Alert>
      )}
      {basket.data && items.length === 0 && (
        <Stack gap="xs" role="status" maw={640}>
          <Text fw={600}>No figure has been put aside</Text>
          <Text c="dimmed">
            Press “Add to figures” beside a chart or table of the Fidelity and Attribution pages, or add one by its name
            here. Figures are kept with the project, are the same in every window, and are printed by the code that{' '}
            <code>strata export</code> runs: for the same results, the same bytes.
          </Text>
        </Stack>
      )}
      {chosen && (
        <Grid gap="md">
          <Grid.Col span={4}>
            <BasketList items={items} chosen={chosen.id} names={names} onChoose={(id) => view.set({ item: id })} />
          </Grid.Col>
          <Grid.Col span={8}>
            <FigureSheet key={chosen.id} item={chosen} names={names} />
          </Grid.Col>
        </Grid>
      )}
    </Stack>
  );
}

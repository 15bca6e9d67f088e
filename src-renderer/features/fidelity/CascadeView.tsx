import { Grid, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Results } from '../../../src-main/contract/results.ts';
import { LineChart } from '../../charts/LineChart.tsx';
import { frozenStyle, groupStyles, Legend } from '../../charts/series.tsx';
import { useViewState } from '../../frame/view-state.ts';
import { Section } from '../../ui/Section.tsx';
import { AddToFigures } from '../figures/AddToFigures.tsx';
import { CascadePoint } from './CascadePoint.tsx';
import { CascadeTable } from './CascadeTable.tsx';
import { type CascadeRow, windowLabel, windowOf } from './cascade.ts';
import { percent } from './format.ts';
import { Missing } from './Missing.tsx';
import { groupLabels, tokenGroups } from './metrics.ts';

interface Shown {
  results: readonly Results[];
  names: ReadonlyMap<string, string>;
}

/** Accuracy with the blocks from s on replaced, beside the frozen model on the same images (method, section 4). */
export function CascadeView({ results, names }: Shown) {
  const view = useViewState();
  const nameOf = (id: string) => names.get(id) ?? id;
  const measured = results.filter(({ cascade }) => cascade && cascade.length > 0);
  const lacking = results.filter((each) => !measured.includes(each)).map(({ run }) => nameOf(run.id));
  const focus = measured.find(({ run }) => run.id === view.get('focus')) ?? measured[0];
  if (!focus) return <Missing section="cascaded replacement" stage="cascade" runs={lacking} />;
  const window = windowOf(view.get('window')) ?? { from: 0, tokens: 'all' as const };
  const chosen = focus.cascade?.find(({ from, tokens }) => from === window.from && tokens === window.tokens);
  const choose = (run: string, from: number, tokens: string) => view.set({ focus: run, window: `${from}.${tokens}` });
  const extent = measured.flatMap(({ cascade = [] }) => cascade.flatMap(({ top1, frozenTop1 }) => [top1, frozenTop1]));
  return (
    <Stack gap="lg">
      <Section
        title="Accuracy under cascaded replacement"
        actions={<AddToFigures figure="cascade" name="cascade curves" runs={measured.map(({ run }) => run.id)} />}
      >
        <Missing section="cascaded replacement" stage="cascade" runs={lacking} />
        <Legend
          entries={[
            ...tokenGroups.map(({ key }) => ({ label: groupLabels[key], style: groupStyles[key] })),
            { label: 'frozen model', style: frozenStyle },
          ]}
        />
        <Grid gap="lg">
          <Grid.Col span={measured.length > 1 ? 12 : 7}>
            <SimpleGrid cols={Math.min(measured.length, 3)} spacing="sm">
              {measured.map(({ run, cascade = [] }) => {
                const layers = layersOf(cascade);
                const places = Array.from({ length: layers }, (_, from) => windowLabel(from, layers));
                return (
                  <div key={run.id}>
                    <Text size="xs" fw={600} ta="center">
                      {nameOf(run.id)} (n = {cascade[0].n})
                    </Text>
                    <LineChart
                      title={`top-1 accuracy by replaced blocks, ${nameOf(run.id)}`}
                      places={places}
                      placeName="blocks"
                      xTitle="blocks replaced (s→L−1)"
                      height={measured.length > 1 ? 240 : 330}
                      limits={[0, 1]}
                      extent={extent}
                      format={percent}
                      formatTick={(value) => `${Number((100 * value).toFixed(1))} %`}
                      levels={[{ label: 'frozen model', style: frozenStyle, value: cascade[0].frozenTop1 }]}
                      series={tokenGroups.map(({ key }) => ({
                        id: key,
                        label: groupLabels[key],
                        style: groupStyles[key],
                        values: places.map(
                          (_, from) => cascade.find((row) => row.from === from && row.tokens === key)?.top1 ?? null,
                        ),
                      }))}
                      chosen={run === focus.run ? { series: window.tokens, place: window.from } : undefined}
                      onChoose={({ series, place }) => choose(run.id, place, series)}
                    />
                  </div>
                );
              })}
            </SimpleGrid>
          </Grid.Col>
          <Grid.Col span={measured.length > 1 ? 12 : 5}>
            {chosen ? (
              <CascadePoint run={focus.run} name={nameOf(focus.run.id)} row={chosen} layers={layersOf(focus.cascade)} />
            ) : (
              <Text c="dimmed">Choose a point of a curve: its numbers and the images that changed class.</Text>
            )}
          </Grid.Col>
        </Grid>
      </Section>
      <Section
        title={measured.length > 1 ? `All windows of ${nameOf(focus.run.id)}` : 'All windows'}
        actions={<AddToFigures figure="cascade-table" name="cascade table" runs={[focus.run.id]} />}
      >
        <CascadeTable
          rows={focus.cascade ?? []}
          layers={layersOf(focus.cascade)}
          chosen={window}
          onChoose={({ from, tokens }) => choose(focus.run.id, from, tokens)}
        />
      </Section>
    </Stack>
  );
}

function layersOf(rows: readonly CascadeRow[] = []): number {
  return Math.max(0, ...rows.map(({ from }) => from + 1));
}

import { SegmentedControl, Select, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import type { Results } from '../../../src-main/contract/results.ts';
import { LineChart } from '../../charts/LineChart.tsx';
import { Legend, runStyle } from '../../charts/series.tsx';
import { useViewState } from '../../frame/view-state.ts';
import { Section } from '../../ui/Section.tsx';
import { AddToFigures } from '../figures/AddToFigures.tsx';
import { MetricsTable } from './MetricsTable.tsx';
import { columns, groupLabels, type Metric, tokenGroupOf, tokenGroups } from './metrics.ts';

interface Shown {
  /** By run. */
  results: readonly Results[];
  names: ReadonlyMap<string, string>;
}

const axes: Record<Metric, { title: string; scale: 'linear' | 'log'; limits?: readonly [number, number] }> = {
  cosine: { title: 'cosine', scale: 'linear', limits: [-1, 1] },
  mse: { title: 'MSE (squared raw activation units, log axis)', scale: 'log' },
  r2: { title: 'R² (variance explained)', scale: 'linear', limits: [Number.NEGATIVE_INFINITY, 1] },
  l0: { title: 'L0 (features per token)', scale: 'linear', limits: [0, Number.POSITIVE_INFINITY] },
  dead: { title: 'dead features', scale: 'linear', limits: [0, 1] },
};

/** How well each layer's MLP output is rebuilt (method, section 3): curves of the runs, and the numbers of one of them. */
export function ReconstructionView({ results, names }: Shown) {
  const view = useViewState();
  const more = view.get('more') === '1';
  const tokens = tokenGroupOf(view.get('tokens'));
  const nameOf = (id: string) => names.get(id) ?? id;
  const focus = results.find(({ run }) => run.id === view.get('focus')) ?? results[0];
  const ids = results.map(({ run }) => run.id);
  const metrics = columns.filter(({ key }) => more || key === 'cosine' || key === 'mse' || key === 'r2');
  const layers = Math.max(...results.map(({ reconstruction }) => reconstruction.all.length));
  const places = Array.from({ length: layers }, (_, layer) => String(layer));
  return (
    <Stack gap="lg">
      <Section
        title="Reconstruction by layer"
        actions={
          <>
            <Switch
              size="xs"
              label="L0 and dead features"
              checked={more}
              onChange={({ currentTarget }) => view.set({ more: currentTarget.checked ? '1' : undefined })}
            />
            <AddToFigures figure="reconstruction" name="reconstruction by layer" runs={ids} />
          </>
        }
      >
        {results.length > 1 && (
          <Legend entries={results.map(({ run }, at) => ({ label: nameOf(run.id), style: runStyle(at) }))} />
        )}
        {metrics.map(({ key, format }) => {
          const extent = results.flatMap(({ reconstruction }) =>
            tokenGroups.flatMap((group) => reconstruction[group.key].map((row) => row[key])),
          );
          return (
            <div key={key}>
              <Text size="xs" fw={600}>
                {axes[key].title}
              </Text>
              <SimpleGrid cols={3} spacing="sm">
                {tokenGroups.map((group) => (
                  <div key={group.key}>
                    <Text size="xs" c="dimmed" ta="center">
                      {groupLabels[group.key]}
                    </Text>
                    <LineChart
                      title={`${axes[key].title} by layer, ${groupLabels[group.key]}`}
                      places={places}
                      placeName="layer"
                      xTitle={key === metrics[metrics.length - 1].key ? 'layer' : undefined}
                      height={key === metrics[metrics.length - 1].key ? 144 : 130}
                      scale={axes[key].scale}
                      limits={axes[key].limits}
                      extent={extent}
                      format={format}
                      formatTick={key === 'dead' ? (value) => `${Math.round(100 * value)} %` : String}
                      series={results.map(({ run, reconstruction }, at) => ({
                        id: run.id,
                        label: nameOf(run.id),
                        style: runStyle(at),
                        values: places.map((_, layer) => reconstruction[group.key][layer]?.[key] ?? null),
                      }))}
                    />
                  </div>
                ))}
              </SimpleGrid>
            </div>
          );
        })}
      </Section>
      <Section
        title="Numbers"
        actions={
          <>
            {results.length > 1 && (
              <Select
                size="xs"
                aria-label="Run in the table"
                data={results.map(({ run }) => ({ value: run.id, label: nameOf(run.id) }))}
                value={focus.run.id}
                allowDeselect={false}
                onChange={(id) => view.set({ focus: id ?? undefined })}
              />
            )}
            <SegmentedControl
              size="xs"
              aria-label="Tokens"
              data={tokenGroups.map(({ key, label }) => ({ value: key, label }))}
              value={tokens}
              onChange={(value) => view.set({ tokens: value })}
            />
          </>
        }
      >
        <Text size="sm" c="dimmed">
          {nameOf(focus.run.id)}, {groupLabels[tokens]}, on {focus.zeroShot.n} test images. The frozen model's top-1 on
          them is {(100 * focus.zeroShot.top1).toFixed(1)} %, top-5 {(100 * focus.zeroShot.top5).toFixed(1)} %.
        </Text>
        <MetricsTable rows={focus.reconstruction[tokens]} />
      </Section>
    </Stack>
  );
}

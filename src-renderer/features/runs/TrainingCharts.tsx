import { Button, Checkbox, Group, NativeSelect, SimpleGrid, Slider, Stack, Text } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { Job } from '../../../src-main/contract/job.ts';
import { useJobFeeds } from '../../api/job-feeds.ts';
import { LiveChart } from '../../charts/live/LiveChart.tsx';
import type { LiveView } from '../../charts/live/view.ts';
import { count, percent } from '../../ui/quantities.ts';
import { significant } from './format.ts';
import { joined, type LayerChoice, linesOf, type Metric, metrics, type RunHistory } from './history.ts';
import { LayerLegend } from './LayerLegend.tsx';

const charts: Record<Metric, { title: string; format(value: number, fine?: boolean): string }> = {
  loss: { title: 'Loss', format: significant },
  r2: { title: 'R², held-out tokens', format: significant },
  l0: { title: 'L0, features a token', format: significant },
  dead: { title: 'Dead features', format: (value, fine) => percent(value, fine ? 3 : 1) },
  learningRate: { title: 'Learning rate', format: significant },
  tokensPerSecond: { title: 'Tokens/s', format: (value) => count(value) },
};

interface TrainingChartsProps {
  /** Each with its jobs, oldest first. */
  runs: readonly { id: string; label: string; jobs: readonly Job[] }[];
  /** What a chart without a point says. */
  empty: string;
}

/** Training as it goes on, or as it went, from what the jobs said; several runs over each other. */
export function TrainingCharts({ runs, empty }: TrainingChartsProps) {
  const feeds = useJobFeeds(runs.flatMap(({ jobs }) => jobs));
  const [view, setView] = useState<LiveView>({ zoom: null, cursor: null, smoothing: 0, logX: false });
  const [logY, setLogY] = useState<ReadonlySet<Metric>>(new Set());
  const [choice, setChoice] = useState<LayerChoice>(runs.length > 1 ? 'mean' : 'each');
  const onView = useCallback((change: Partial<LiveView>) => setView((before) => ({ ...before, ...change })), []);
  const key = runs.map(({ id, jobs }) => `${id} ${jobs.length}`).join('\n');
  // Progress is told of more often than there is a point to draw.
  const points = feeds.map(({ training }) => training.length).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: feeds change in place: their points and the names of the runs tell
  const histories = useMemo(() => {
    let first = 0;
    return runs.map(({ id, label, jobs }): RunHistory => {
      const own = feeds.slice(first, first + jobs.length);
      first += jobs.length;
      return { id, label, events: joined(own.map(({ training }) => training)) };
    });
  }, [feeds, points, key]);
  const lines = useMemo(
    () => Object.fromEntries(metrics.map((metric) => [metric, linesOf(metric, histories, choice)])),
    [histories, choice],
  );
  const layers = Math.max(0, ...histories.map(({ events }) => events[0]?.layers.length ?? 0));
  const toggleLog = (metric: Metric) => {
    const next = new Set(logY);
    if (!next.delete(metric)) next.add(metric);
    setLogY(next);
  };
  return (
    <Stack gap="xs">
      <Group gap="lg" align="center">
        <Group gap="xs" wrap="nowrap">
          <Text size="xs" id="smoothing">
            Smoothing
          </Text>
          <Slider
            w={120}
            size="sm"
            min={0}
            max={0.98}
            step={0.02}
            label={(value) => value.toFixed(2)}
            value={view.smoothing}
            onChange={(smoothing) => onView({ smoothing })}
            thumbProps={{ 'aria-labelledby': 'smoothing' }}
          />
        </Group>
        <NativeSelect
          size="xs"
          aria-label="Layers"
          value={String(choice)}
          onChange={({ currentTarget: { value } }) =>
            setChoice(value === 'each' || value === 'mean' ? value : Number(value))
          }
          data={[
            { value: 'each', label: 'Every layer' },
            { value: 'mean', label: 'Mean over layers' },
            ...Array.from({ length: layers }, (_, layer) => ({ value: String(layer), label: `Layer ${layer}` })),
          ]}
        />
        <Checkbox
          size="xs"
          label="Log steps"
          checked={view.logX}
          onChange={(event) => onView({ logX: event.currentTarget.checked, zoom: null })}
        />
        <Checkbox.Group value={[...logY]} aria-label="Logarithmic axes">
          <Group gap="sm">
            {(['loss', 'l0', 'learningRate'] as const).map((metric) => (
              <Checkbox
                key={metric}
                size="xs"
                value={metric}
                label={`Log ${metric === 'learningRate' ? 'rate' : charts[metric].title.split(',')[0].toLowerCase().replace('l0', 'L0')}`}
                onChange={() => toggleLog(metric)}
              />
            ))}
          </Group>
        </Checkbox.Group>
        <Button
          size="compact-xs"
          variant="default"
          disabled={view.zoom === null}
          onClick={() => onView({ zoom: null })}
        >
          Show all steps
        </Button>
        {choice === 'each' && layers > 0 && runs.length === 1 && <LayerLegend layers={layers} />}
      </Group>
      <SimpleGrid cols={{ base: 2, xl: 3 }} spacing="lg" verticalSpacing="sm">
        {metrics.map((metric) => (
          <LiveChart
            key={metric}
            title={charts[metric].title}
            series={lines[metric]}
            view={view}
            onView={onView}
            logY={logY.has(metric)}
            format={charts[metric].format}
            empty={empty}
          />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

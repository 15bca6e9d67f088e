import { Select, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Results } from '../../../src-main/contract/results.ts';
import { LineChart } from '../../charts/LineChart.tsx';
import { groupStyles, Legend, runStyle } from '../../charts/series.tsx';
import { useViewState } from '../../frame/view-state.ts';
import { Section } from '../../ui/Section.tsx';
import { AddToFigures } from '../figures/AddToFigures.tsx';
import { measures, windowLabel } from './cascade.ts';
import { Missing } from './Missing.tsx';
import { groupLabels, tokenGroupOf, tokenGroups } from './metrics.ts';

interface Shown {
  results: readonly Results[];
  names: ReadonlyMap<string, string>;
}

/** How near the replaced model stays to the frozen one (method, section 6): one run by token group, or several runs. */
export function FaithfulnessView({ results, names }: Shown) {
  const view = useViewState();
  const nameOf = (id: string) => names.get(id) ?? id;
  const measured = results.filter(({ cascade }) => cascade && cascade.length > 0);
  const lacking = results.filter((each) => !measured.includes(each)).map(({ run }) => nameOf(run.id));
  if (measured.length === 0) return <Missing section="faithfulness measures" stage="cascade" runs={lacking} />;
  const tokens = tokenGroupOf(view.get('tokens'));
  const layers = Math.max(...measured.flatMap(({ cascade = [] }) => cascade.map(({ from }) => from + 1)));
  const places = Array.from({ length: layers }, (_, from) => windowLabel(from, layers));
  const lines =
    measured.length === 1
      ? tokenGroups.map(({ key }) => ({
          id: key,
          label: groupLabels[key],
          style: groupStyles[key],
          run: 0,
          tokens: key,
        }))
      : measured.map(({ run }, at) => ({ id: run.id, label: nameOf(run.id), style: runStyle(at), run: at, tokens }));
  const [first] = measured[0].cascade ?? [];
  return (
    <Stack gap="md">
      <Missing section="faithfulness measures" stage="cascade" runs={lacking} />
      <Section
        title="Replaced against frozen model"
        actions={
          <>
            {measured.length > 1 && (
              <Select
                size="xs"
                aria-label="Tokens replaced"
                data={tokenGroups.map(({ key }) => ({ value: key, label: groupLabels[key] }))}
                value={tokens}
                allowDeselect={false}
                onChange={(value) => view.set({ tokens: value ?? undefined })}
              />
            )}
            <AddToFigures figure="faithfulness" name="faithfulness" runs={measured.map(({ run }) => run.id)} />
          </>
        }
      >
        <Text size="sm" c="dimmed">
          By the first replaced block, on {first.n} test images; the frozen model against itself would have a KL of 0,
          no flips, and 1 in the rest.
        </Text>
        <Legend entries={lines} />
        <SimpleGrid cols={3} spacing="md">
          {measures.map(({ key, label, meaning, format, limits }) => (
            <div key={key}>
              <Text size="xs">
                <strong>{label}</strong> <span style={{ color: 'var(--mantine-color-dimmed)' }}>{meaning}</span>
              </Text>
              <LineChart
                title={`${label} by replaced blocks`}
                places={places}
                placeName="blocks"
                xTitle="blocks replaced (s→L−1)"
                height={190}
                limits={limits}
                format={format}
                formatTick={(value) =>
                  key === 'flipRate' || key === 'top5Agreement'
                    ? `${Number((100 * value).toFixed(1))} %`
                    : String(value)
                }
                series={lines.map((line) => ({
                  ...line,
                  values: places.map(
                    (_, from) =>
                      measured[line.run].cascade?.find((row) => row.from === from && row.tokens === line.tokens)?.[
                        key
                      ] ?? null,
                  ),
                }))}
              />
            </div>
          ))}
        </SimpleGrid>
        <Text size="xs" c="dimmed">
          The numbers are in the table of the Cascade view.
        </Text>
      </Section>
    </Stack>
  );
}

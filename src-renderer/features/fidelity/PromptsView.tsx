import { Grid, ScrollArea, SegmentedControl, Select, Stack, Table, Text } from '@mantine/core';
import type { Results } from '../../../src-main/contract/results.ts';
import { LineChart } from '../../charts/LineChart.tsx';
import { frozenStyle, groupStyles, Legend } from '../../charts/series.tsx';
import { useViewState } from '../../frame/view-state.ts';
import { Section } from '../../ui/Section.tsx';
import { AddToFigures } from '../figures/AddToFigures.tsx';
import { windowLabel, windowOf } from './cascade.ts';
import { percent, points } from './format.ts';
import { Missing } from './Missing.tsx';
import { groupLabels, tokenGroups } from './metrics.ts';

interface Shown {
  results: readonly Results[];
  names: ReadonlyMap<string, string>;
}

/** How much zero-shot accuracy depends on the wording of the prompts (method, section 6). */
export function PromptsView({ results, names }: Shown) {
  const view = useViewState();
  const nameOf = (id: string) => names.get(id) ?? id;
  const focus = results.find(({ run }) => run.id === view.get('focus')) ?? results[0];
  const { prompts, zeroShot } = focus;
  const title = results.length > 1 ? `Prompt sensitivity of ${nameOf(focus.run.id)}` : 'Prompt sensitivity';
  const picker = results.length > 1 && (
    <Select
      size="xs"
      aria-label="Run"
      data={results.map(({ run }) => ({ value: run.id, label: nameOf(run.id) }))}
      value={focus.run.id}
      allowDeselect={false}
      onChange={(id) => view.set({ focus: id ?? undefined })}
    />
  );
  if (!prompts) {
    return (
      <Section title={title} actions={picker}>
        <Missing section="prompt sensitivity of the replaced model" stage="cascade" runs={[nameOf(focus.run.id)]} />
        {zeroShot.perTemplate && <FrozenTemplates rows={zeroShot.perTemplate} n={zeroShot.n} />}
      </Section>
    );
  }
  const layers = Math.max(...prompts.rows.map(({ from }) => from + 1));
  const places = Array.from({ length: layers }, (_, from) => windowLabel(from, layers));
  const window = windowOf(view.get('window')) ?? { from: 0, tokens: 'all' as const };
  const chosen = prompts.rows.find(({ from, tokens }) => from === window.from && tokens === window.tokens);
  const spread = (value: number) => `${(100 * value).toFixed(2)} pp`;
  return (
    <Stack gap="md">
      <Section
        title={title}
        actions={
          <>
            {picker}
            <AddToFigures figure="prompt-spread" name="prompt sensitivity" runs={[focus.run.id]} />
          </>
        }
      >
        <Text size="sm" c="dimmed">
          Top-1 with each of {prompts.templates.length} templates alone, on {prompts.n} test images; the spread is its
          standard deviation over the templates. The frozen model's is {spread(prompts.frozen.spread)}.
        </Text>
        <Grid gap="lg">
          <Grid.Col span={5}>
            <Legend
              entries={[
                ...tokenGroups.map(({ key }) => ({ label: groupLabels[key], style: groupStyles[key] })),
                { label: 'frozen model', style: frozenStyle },
              ]}
            />
            <LineChart
              title="spread over templates by replaced blocks"
              places={places}
              placeName="blocks"
              xTitle="blocks replaced (s→L−1)"
              height={300}
              limits={[0, 1]}
              extent={[0]}
              format={spread}
              formatTick={(value) => `${Number((100 * value).toFixed(2))} pp`}
              levels={[{ label: 'frozen model', style: frozenStyle, value: prompts.frozen.spread }]}
              series={tokenGroups.map(({ key }) => ({
                id: key,
                label: groupLabels[key],
                style: groupStyles[key],
                values: places.map(
                  (_, from) => prompts.rows.find((row) => row.from === from && row.tokens === key)?.spread ?? null,
                ),
              }))}
              chosen={{ series: window.tokens, place: window.from }}
              onChoose={({ series, place }) => view.set({ window: `${place}.${series}` })}
            />
          </Grid.Col>
          <Grid.Col span={7}>
            <Stack gap="xs">
              <Stack gap={4}>
                <Text size="sm" fw={600}>
                  Blocks {windowLabel(window.from, layers)} replaced
                  {chosen &&
                    `: spread ${spread(chosen.spread)}, mean absolute difference ${spread(chosen.meanAbsDifference)}`}
                </Text>
                <SegmentedControl
                  size="xs"
                  aria-label="Tokens replaced"
                  style={{ alignSelf: 'start' }}
                  data={tokenGroups.map(({ key, label }) => ({ value: key, label }))}
                  value={window.tokens}
                  onChange={(tokens) => view.set({ window: `${window.from}.${tokens}` })}
                />
              </Stack>
              <ScrollArea type="auto">
                <Table
                  aria-label="Accuracy by template"
                  striped
                  highlightOnHover
                  withTableBorder
                  verticalSpacing={3}
                  fz="sm"
                >
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th scope="col">Template</Table.Th>
                      <Table.Th scope="col" className="number">
                        Frozen
                      </Table.Th>
                      <Table.Th scope="col" className="number">
                        Replaced
                      </Table.Th>
                      <Table.Th scope="col" className="number">
                        Difference (pp)
                      </Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {prompts.templates.map((template, at) => (
                      <Table.Tr key={template}>
                        <Table.Th scope="row" fw={400}>
                          {template}
                        </Table.Th>
                        <Table.Td className="number">{percent(prompts.frozen.top1[at])}</Table.Td>
                        <Table.Td className="number">{chosen ? percent(chosen.top1[at]) : '–'}</Table.Td>
                        <Table.Td className="number">
                          {chosen ? points(chosen.top1[at] - prompts.frozen.top1[at]) : '–'}
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </ScrollArea>
            </Stack>
          </Grid.Col>
        </Grid>
      </Section>
      {zeroShot.perTemplate && <FrozenTemplates rows={zeroShot.perTemplate} n={zeroShot.n} />}
    </Stack>
  );
}

/** The frozen model on all images it was measured on. */
function FrozenTemplates({ rows, n }: { rows: NonNullable<Results['zeroShot']['perTemplate']>; n: number }) {
  return (
    <Section title={`Frozen model by template (n = ${n})`}>
      <Table aria-label="Frozen model by template" striped withTableBorder verticalSpacing={3} fz="sm" maw={760}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Template</Table.Th>
            <Table.Th scope="col" className="number">
              Top-1
            </Table.Th>
            <Table.Th scope="col" className="number">
              Top-5
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ template, top1, top5 }) => (
            <Table.Tr key={template}>
              <Table.Th scope="row" fw={400}>
                {template}
              </Table.Th>
              <Table.Td className="number">{percent(top1)}</Table.Td>
              <Table.Td className="number">{percent(top5)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

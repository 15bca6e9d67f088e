import { Alert, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Results } from '../../../src-main/contract/results.ts';
import type { RunSummary } from '../../../src-main/contract/rpc/project.ts';
import { useRunResults } from '../../api/analysis.ts';
import { errorText } from '../../api/client.ts';
import { Heatmap } from '../../charts/Heatmap.tsx';
import { useViewState } from '../../frame/view-state.ts';
import { OptionalRunPicker } from '../../ui/RunPicker.tsx';
import { Section } from '../../ui/Section.tsx';
import { Missing } from '../fidelity/Missing.tsx';
import { AddToFigures } from '../figures/AddToFigures.tsx';
import { EdgePanel } from './EdgePanel.tsx';
import { bare, difference, edgeOf, largest } from './scores.ts';

interface ContributionViewProps {
  results: Results;
  name: string;
  runs: readonly RunSummary[];
  names: ReadonlyMap<string, string>;
}

const groups = [
  { tokens: 'cls', title: 'CLS token' },
  { tokens: 'patches', title: 'patch tokens' },
] as const;

/** How much each source layer adds to each target layer (method, section 5), of one run or as a difference of two. */
export function ContributionView({ results, name, runs, names }: ContributionViewProps) {
  const view = useViewState();
  const otherId = runs.find(({ id }) => id === view.get('other') && id !== results.run.id)?.id;
  const other = useRunResults(otherId ? [otherId] : []);
  const { contribution } = results;
  if (!contribution) return <Missing section="contribution scores" stage="evaluate" runs={[name]} />;
  const layers = contribution.cls.length;
  const subtracted = other.results[0]?.contribution;
  const fits = subtracted?.cls.length === layers;
  const matrices = groups.map(({ tokens, title }) => ({
    tokens,
    title: subtracted && fits ? `${title}: ${name} − ${names.get(otherId ?? '')}` : title,
    matrix: subtracted && fits ? difference(contribution[tokens], subtracted[tokens]) : contribution[tokens],
  }));
  const fitted = view.get('scale') === 'fitted';
  const limit = fitted ? largest(...matrices.map(({ matrix }) => matrix)) : 1;
  const asked = edgeOf(view.get('edge'));
  const edge = asked && asked.target < layers ? asked : undefined;
  return (
    <Stack gap="md">
      <Section
        title="Contribution scores"
        actions={
          <>
            <OptionalRunPicker
              label="Subtract a run"
              placeholder="Subtract a run…"
              runs={runs}
              except={results.run.id}
              value={otherId}
              onChange={(id) => view.set({ other: id })}
            />
            <SegmentedControl
              size="xs"
              aria-label="Colours"
              data={[
                { value: 'fixed', label: 'fixed [−1, 1]' },
                { value: 'fitted', label: 'fitted' },
              ]}
              value={fitted ? 'fitted' : 'fixed'}
              onChange={(value) => view.set({ scale: value === 'fitted' ? value : undefined })}
            />
            <AddToFigures
              figure="contribution"
              name={subtracted && fits ? 'difference of two runs' : 'contribution scores'}
              runs={subtracted && fits && otherId ? [results.run.id, otherId] : [results.run.id]}
            />
          </>
        }
      >
        <Text size="sm" c="dimmed">
          {subtracted && fits
            ? 'Scores of this run minus those of the other.'
            : `Mean over the tokens of ${results.zeroShot.n} test images. The scores of a target (a column) sum to 1; negative ones are destructive.`}{' '}
          Colours from {bare(-limit)} (blue) to {bare(limit)} (red). Choose a cell: the features that carry the edge.
        </Text>
        {other.errors.map((error) => (
          <Alert key={error.message} color="red" title="The other run's results could not be read">
            {errorText(error)}
          </Alert>
        ))}
        {other.results[0] && !fits && (
          <Alert color="gray" variant="light" title="The other run cannot be subtracted" role="status">
            {subtracted ? 'It has another number of layers.' : 'It has no contribution scores.'}
          </Alert>
        )}
        <SimpleGrid cols={2} spacing="md">
          {matrices.map(({ tokens, title, matrix }) => (
            <Heatmap
              key={tokens}
              title={title}
              matrix={matrix}
              limit={limit}
              format={bare}
              chosen={edge?.tokens === tokens ? edge : undefined}
              onChoose={({ source, target }) => view.set({ edge: `${source}.${target}.${tokens}` })}
            />
          ))}
        </SimpleGrid>
      </Section>
      {edge && (
        <EdgePanel
          key={`${results.run.id}/${view.get('edge')}`}
          run={results}
          name={name}
          edge={edge}
          score={contribution[edge.tokens][edge.source][edge.target]}
          onClose={() => view.set({ edge: undefined })}
        />
      )}
    </Stack>
  );
}

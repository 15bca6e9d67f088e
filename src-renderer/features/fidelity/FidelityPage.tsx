import { Alert, Group, Stack, Tabs, Title } from '@mantine/core';
import type { ComponentType } from 'react';
import type { Results } from '../../../src-main/contract/results.ts';
import type { RunSummary } from '../../../src-main/contract/rpc/project.ts';
import { useRunResults } from '../../api/analysis.ts';
import { errorText } from '../../api/client.ts';
import { useProject } from '../../api/queries.ts';
import { useViewState } from '../../frame/view-state.ts';
import { Loading } from '../../ui/Notice.tsx';
import { NoRunMeasured, Unmeasured } from '../../ui/NotMeasured.tsx';
import { RunsPicker } from '../../ui/RunPicker.tsx';
import { runNames } from '../../ui/run-names.ts';
import { CascadeView } from './CascadeView.tsx';
import { FaithfulnessView } from './FaithfulnessView.tsx';
import { PromptsView } from './PromptsView.tsx';
import { ReconstructionView } from './ReconstructionView.tsx';

interface ViewProps {
  results: readonly Results[];
  names: ReadonlyMap<string, string>;
}

const views: readonly { id: string; title: string; View: ComponentType<ViewProps> }[] = [
  { id: 'reconstruction', title: 'Reconstruction', View: ReconstructionView },
  { id: 'cascade', title: 'Cascade', View: CascadeView },
  { id: 'faithfulness', title: 'Faithfulness', View: FaithfulnessView },
  { id: 'prompts', title: 'Prompts', View: PromptsView },
];

/** How faithful the transcoders of one or several runs are: #/fidelity?runs=ID,ID&view=cascade&window=3.all */
export default function FidelityPage() {
  const project = useProject();
  const runs = project.data?.runs ?? [];
  return runs.some(({ measured }) => measured) ? <Fidelity runs={runs} /> : <NoRunMeasured runs={runs} />;
}

function Fidelity({ runs }: { runs: readonly RunSummary[] }) {
  const view = useViewState();
  const asked = view.get('runs')?.split(',').filter(Boolean);
  const newest = runs.find(({ measured }) => measured)?.id ?? '';
  const byId = new Map(runs.map((run) => [run.id, run]));
  const known = (asked ?? [newest]).flatMap((id) => byId.get(id) ?? []);
  const unknown = (asked ?? []).filter((id) => !byId.has(id));
  const shown = known.filter(({ measured }) => measured).map(({ id }) => id);
  const { results, pending, errors } = useRunResults(shown);
  const names = runNames(runs);
  const open = views.find(({ id }) => id === view.get('view')) ?? views[0];
  return (
    <Stack gap="md">
      <Group justify="space-between" align="start" gap="md">
        <Title order={1} size="h3">
          Fidelity
        </Title>
        <RunsPicker
          label="Runs to compare"
          runs={runs}
          value={shown}
          onChange={(ids) => view.set({ runs: ids.join(',') })}
        />
      </Group>
      <Unmeasured runs={known.filter(({ measured }) => !measured)} />
      {unknown.map((id) => (
        <Alert key={id} color="gray" variant="light" title={`There is no run ${id} in this project`} role="status">
          It was deleted, or belongs to another project. Choose runs above.
        </Alert>
      ))}
      {errors.map((error) => (
        <Alert key={error.message} color="red" title="Results could not be read">
          {errorText(error)}
        </Alert>
      ))}
      {pending && <Loading what="Reading results" />}
      {!pending && results.length > 0 && (
        <Tabs value={open.id} onChange={(id) => view.set({ view: id ?? undefined }, 'push')} keepMounted={false}>
          <Tabs.List mb="md">
            {views.map(({ id, title }) => (
              <Tabs.Tab key={id} value={id}>
                {title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {views.map(({ id, View }) => (
            <Tabs.Panel key={id} value={id}>
              <View results={results} names={names} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
      {!pending && shown.length === 0 && (
        <Alert color="gray" variant="light" title="No measured run is chosen" role="status">
          Choose one or several runs above.
        </Alert>
      )}
    </Stack>
  );
}

import { Alert, Group, Stack, Tabs, Title } from '@mantine/core';
import { useLocation } from 'wouter';
import type { RunSummary } from '../../../src-main/contract/rpc/project.ts';
import { useRunResults } from '../../api/analysis.ts';
import { errorText } from '../../api/client.ts';
import { useProject } from '../../api/queries.ts';
import { useViewState } from '../../frame/view-state.ts';
import { Loading } from '../../ui/Notice.tsx';
import { NoRunMeasured, Unmeasured } from '../../ui/NotMeasured.tsx';
import { RunPicker } from '../../ui/RunPicker.tsx';
import { runNames } from '../../ui/run-names.ts';
import { AuditView } from './AuditView.tsx';
import { ContributionView } from './ContributionView.tsx';
import { NecessityView } from './NecessityView.tsx';

const views = [
  { id: 'contribution', title: 'Contribution', View: ContributionView },
  { id: 'necessity', title: 'Necessity and sufficiency', View: NecessityView },
  { id: 'audit', title: 'Audit', View: AuditView },
] as const;

/** What each layer adds to which, and whether it matters: #/attribution/RUN?view=audit, ?edge=0.7.cls */
export default function AttributionPage() {
  const project = useProject();
  const runs = project.data?.runs ?? [];
  return runs.some(({ measured }) => measured) ? <Attribution runs={runs} /> : <NoRunMeasured runs={runs} />;
}

function Attribution({ runs }: { runs: readonly RunSummary[] }) {
  const [path, navigate] = useLocation();
  const view = useViewState();
  const asked = path.slice(1);
  const run = asked ? runs.find(({ id }) => id === asked) : runs.find(({ measured }) => measured);
  const { results, pending, errors } = useRunResults(run?.measured ? [run.id] : []);
  const names = runNames(runs);
  const open = views.find(({ id }) => id === view.get('view')) ?? views[0];
  const query = view.get('view') ? `?view=${open.id}` : '';
  return (
    <Stack gap="md">
      <Group justify="space-between" align="start" gap="md">
        <Title order={1} size="h3">
          Attribution
        </Title>
        <RunPicker label="Run" runs={runs} value={run?.id} onChange={(id) => navigate(`/${id}${query}`)} />
      </Group>
      {!run && (
        <Alert color="gray" variant="light" title={`There is no run ${asked} in this project`} role="status">
          It was deleted, or belongs to another project. Choose a run above.
        </Alert>
      )}
      {run && !run.measured && <Unmeasured runs={[run]} />}
      {errors.map((error) => (
        <Alert key={error.message} color="red" title="Results could not be read">
          {errorText(error)}
        </Alert>
      ))}
      {run?.measured && pending && <Loading what="Reading results" />}
      {run && results[0] && (
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
              <View results={results[0]} name={names.get(run.id) ?? run.id} runs={runs} names={names} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Stack>
  );
}

import { Alert, Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { RunSummary } from '../../src-main/contract/rpc/project.ts';
import { Notice } from './Notice.tsx';

/** In place of results, while no run of the project has any. */
export function NoRunMeasured({ runs }: { runs: readonly RunSummary[] }) {
  return (
    <Notice title={runs.length === 0 ? 'There is no run yet' : 'No run has results yet'}>
      {runs.length > 0 && <Unmeasured runs={runs} />}
      <Text>
        {runs.length === 0
          ? 'A run trains a cross-layer transcoder by a recipe and measures it.'
          : 'Results appear here when a run has been trained and measured.'}
      </Text>
      <Anchor component={Link} href="~/runs">
        Go to the runs
      </Anchor>
    </Notice>
  );
}

/** Which runs have no results, each with the reason. */
export function Unmeasured({ runs }: { runs: readonly RunSummary[] }) {
  return runs.map(({ id, name, state, error }) => (
    <Alert
      key={id}
      color={state === 'failed' ? 'red' : 'gray'}
      variant="light"
      title={`${name} has no results yet`}
      role="status"
    >
      {error ?? (state === 'new' ? 'It has not been started.' : `Its latest job is ${state}.`)}{' '}
      <Anchor component={Link} href={`~/runs/${id}`} c="inherit" fz="inherit" underline="always">
        See the run
      </Anchor>
    </Alert>
  ));
}

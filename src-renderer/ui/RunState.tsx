import { Badge } from '@mantine/core';
import type { RunSummary } from '../../src-main/contract/rpc/project.ts';

const colors: Record<RunSummary['state'], string> = {
  new: 'gray',
  queued: 'gray',
  running: 'blue',
  cancelling: 'yellow',
  succeeded: 'teal',
  failed: 'red',
  cancelled: 'gray',
  interrupted: 'yellow',
};

/** The state of a run's latest job. */
export function RunState({ state }: Pick<RunSummary, 'state'>) {
  return (
    <Badge variant="light" autoContrast color={colors[state]} tt="none" style={{ flexShrink: 0 }}>
      {state}
    </Badge>
  );
}

import { NavLink, ScrollArea, Text } from '@mantine/core';
import type { RunSummary } from '../../../src-main/contract/rpc.ts';
import { RunState } from '../../ui/RunState.tsx';

interface RunListProps {
  runs: RunSummary[];
  chosen: RunSummary | undefined;
  onChoose: (id: string) => void;
}

const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function RunList({ runs, chosen, onChoose }: RunListProps) {
  return (
    <ScrollArea flex={1} component="nav" aria-label="Runs">
      <Text size="xs" fw={600} c="dimmed" px="xs" py={4}>
        Runs
      </Text>
      {runs.map((run) => (
        <NavLink
          key={run.id}
          component="button"
          type="button"
          active={run.id === chosen?.id}
          aria-current={run.id === chosen?.id ? 'true' : undefined}
          label={run.name}
          description={
            <>
              {run.sparsifier}
              <br />
              {dateFormat.format(new Date(run.createdAt))}
            </>
          }
          rightSection={<RunState state={run.state} />}
          onClick={() => onChoose(run.id)}
        />
      ))}
    </ScrollArea>
  );
}

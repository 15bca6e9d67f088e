import { Alert, Code } from '@mantine/core';

/** Says which runs have no numbers of a kind, and what to do. Nothing when none lacks them. */
export function Missing({ section, stage, runs }: { section: string; stage: string; runs: readonly string[] }) {
  if (runs.length === 0) return null;
  return (
    <Alert color="gray" variant="light" title={`No ${section} for ${runs.join(', ')}`}>
      The stage <Code>{stage}</Code> has not been carried out for {runs.length === 1 ? 'this run' : 'these runs'}: the
      run was stopped before it, was imported without it, or is older than it. Start the run again; it goes on with what
      is missing.
    </Alert>
  );
}

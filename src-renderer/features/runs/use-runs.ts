import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { isActive, type Job } from '../../../src-main/contract/job.ts';
import type { RunSummary } from '../../../src-main/contract/rpc/project.ts';
import type { RunDetails } from '../../../src-main/contract/rpc/runs.ts';
import { api } from '../../api/client.ts';
import { projectKey, useProject } from '../../api/queries.ts';

/** A run with all that this page says about it. */
export type Run = RunSummary & RunDetails;

/** Every run, newest first; undefined until they are there. */
export function useRuns(): Run[] | undefined {
  const project = useProject();
  const details = useQuery({ queryKey: [projectKey, 'run-details'], queryFn: () => api.runs.details() });
  return useMemo(() => {
    if (!project.data || !details.data) return undefined;
    const byId = new Map(details.data.map((run) => [run.id, run]));
    return project.data.runs.flatMap((run) => {
      const more = byId.get(run.id);
      return more ? [{ ...run, ...more }] : [];
    });
  }, [project.data, details.data]);
}

/** The jobs of a run, oldest first. */
export function jobsOf(jobs: readonly Job[] | undefined, runId: string): Job[] {
  return (jobs ?? []).filter((job) => job.runId === runId).reverse();
}

/** Whether starting a run in this state makes no sense: it is being carried out, or done. */
export function isUnderWay(state: RunSummary['state'] | undefined): boolean {
  return state !== undefined && state !== 'new' && (state === 'succeeded' || isActive({ state }));
}

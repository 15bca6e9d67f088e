import { useQuery } from '@tanstack/react-query';
import type { ProjectSummary } from '../../src-main/contract/rpc.ts';
import { api } from './client.ts';

const activeStates: readonly string[] = ['queued', 'running', 'cancelling'];

/** The open project with its runs, followed while one of them is being worked on; null without a project. */
export function useProjectSummary() {
  return useQuery({
    queryKey: ['project', 'summary'],
    queryFn: () => api.project.summary(),
    refetchInterval: ({ state }) => (isBusy(state.data) ? 2000 : false),
  });
}

export function useSystemInfo() {
  return useQuery({
    queryKey: ['system', 'info'],
    queryFn: () => api.system.info(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function isBusy(project: ProjectSummary | null | undefined): boolean {
  return project?.runs.some((run) => activeStates.includes(run.state)) ?? false;
}

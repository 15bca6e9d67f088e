import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from './client.ts';

/** Keys of what is in the open project begin with this: it is read anew whenever the project has changed. */
export const projectKey = 'project';

/** The open project with its runs; null while none is open. */
export function useProject() {
  return useQuery({ queryKey: [projectKey, 'summary'], queryFn: () => api.project.summary() });
}

/** All jobs of the project, newest first. */
export function useJobs() {
  return useQuery({ queryKey: [projectKey, 'jobs'], queryFn: () => api.jobs.list() });
}

export function useSystemInfo() {
  return useQuery({
    queryKey: ['system', 'info'],
    queryFn: () => api.system.info(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Keeps this window in step with the project, whoever changes it: another window, a job, the command line. */
export function useFollowProject(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const controller = new AbortController();
    const follow = async () => {
      for await (const change of await api.project.changes(undefined, { signal: controller.signal })) {
        if (change > 0) void queries.invalidateQueries({ queryKey: [projectKey] });
      }
    };
    // It ends with the page, or with the process behind it, which the next call will tell of.
    follow().catch(() => undefined);
    return () => controller.abort();
  }, [queries]);
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Activity } from '../../src-main/contract/activity.ts';
import { api } from './client.ts';
import { projectKey } from './queries.ts';

const key = ['activities'];

/** Imports and measurements of the process behind the window, the oldest first; followed while the caller is shown. */
export function useActivities(): Activity[] {
  const queries = useQueryClient();
  useEffect(() => {
    const controller = new AbortController();
    const follow = async () => {
      for await (const next of await api.project.activities(undefined, { signal: controller.signal })) {
        const before = queries.getQueryData<Activity[]>(key) ?? [];
        queries.setQueryData(key, next);
        const ended = before.some(
          (one) => one.state === 'running' && next.find(({ id }) => id === one.id)?.state === 'succeeded',
        );
        // A measurement is a file of the project, which its database does not tell of.
        if (ended) void queries.invalidateQueries({ queryKey: [projectKey] });
      }
    };
    follow().catch(() => undefined);
    return () => controller.abort();
  }, [queries]);
  const { data } = useQuery<Activity[]>({ queryKey: key, queryFn: () => [], staleTime: Number.POSITIVE_INFINITY });
  return data ?? [];
}

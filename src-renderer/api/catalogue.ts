import { useQuery } from '@tanstack/react-query';
import { api } from './client.ts';
import { projectKey } from './queries.ts';

/** For what never changes under its key: images of a data set of a given hash. */
export const forGood = { staleTime: Number.POSITIVE_INFINITY } as const;

/** The project's data sets, by name. */
export function useDatasets() {
  return useQuery({ queryKey: [projectKey, 'datasets'], queryFn: () => api.data.list() });
}

/** A data set with its classes. */
export function useDataset(dataset: string) {
  return useQuery({ queryKey: [projectKey, 'dataset', dataset], queryFn: () => api.data.details({ dataset }) });
}

/** The project's models, by name. */
export function useModels() {
  return useQuery({ queryKey: [projectKey, 'models'], queryFn: () => api.models.list() });
}

/** Where an image's picture is, its longer side at most `size` pixels. */
export function imageUrl(dataset: { name: string; sha256: string }, index: number, size: number): string {
  return `/image/${encodeURIComponent(dataset.name)}/${index}?size=${size}&v=${dataset.sha256.slice(0, 16)}`;
}

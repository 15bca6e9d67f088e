import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Results } from '../../src-main/contract/results.ts';
import type { BasketItem, FigureFormat } from '../../src-main/contract/rpc/figures.ts';
import { api } from './client.ts';
import { projectKey } from './queries.ts';

// What follows from runs alone has keys of its own: a run's id stands for its results, which do not change while the
// project does.

/** The results documents of several runs, in their order; undefined where one has not come yet. */
export function useRunResults(runIds: readonly string[]) {
  return useQueries({
    queries: runIds.map((runId) => ({ queryKey: ['results', runId], queryFn: () => api.runs.results({ runId }) })),
    combine: (answers) => ({
      results: answers.map(({ data }) => data).filter((data): data is Results => data !== undefined),
      pending: answers.some(({ isPending }) => isPending),
      errors: answers.map(({ error }) => error).filter((error) => error !== null),
    }),
  });
}

/** The images that a window of replaced blocks puts into another class. */
export function useFlips(runId: string, from: number, tokens: 'cls' | 'patches' | 'all') {
  return useQuery({
    queryKey: ['flips', runId, from, tokens],
    queryFn: () => api.analysis.flips({ runId, from, tokens }),
  });
}

/** The features that carry an edge. Leaving takes the question back. */
export function useEdgeFeatures(
  edge: { runId: string; source: number; target: number; tokens: 'cls' | 'patches' | 'all' } | undefined,
) {
  return useQuery({
    queryKey: ['edge-features', edge],
    queryFn: ({ signal }) => (edge ? api.analysis.edgeFeatures(edge, { signal }) : null),
    enabled: edge !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Every figure there is. */
export function useFigureList() {
  return useQuery({
    queryKey: ['figures', 'list'],
    queryFn: () => api.figures.list(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const basketKey = [projectKey, 'figures', 'basket'];

/** The figures put aside in the project. */
export function useBasket() {
  return useQuery({ queryKey: basketKey, queryFn: () => api.figures.basket() });
}

/** What is done to the basket. This window reads it anew at once, the others when they hear of the change. */
export function useBasketActions() {
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: basketKey });
  const { add, change, move, remove } = api.figures;
  return {
    add: useMutation({ mutationFn: (choice: Parameters<typeof add>[0]) => add(choice), onSuccess }),
    change: useMutation({ mutationFn: (changes: Parameters<typeof change>[0]) => change(changes), onSuccess }),
    move: useMutation({ mutationFn: (step: Parameters<typeof move>[0]) => move(step), onSuccess }),
    remove: useMutation({ mutationFn: (item: Parameters<typeof remove>[0]) => remove(item), onSuccess }),
    write: useMutation({ mutationFn: () => api.figures.write() }),
  };
}

/** One figure as a file: by the code that `strata export` runs, so that its bytes are the same. */
export function renderFigure(
  { figure, runs, width, caption }: Omit<BasketItem, 'id' | 'formats'>,
  format: FigureFormat,
  signal?: AbortSignal,
) {
  return api.figures.render({ figure, runs, width, caption, format }, { signal });
}

/** The figure as it will be printed. */
export function useFigurePreview(item: BasketItem | undefined) {
  return useQuery({
    queryKey: ['figures', 'preview', item?.figure, item?.runs, item?.width],
    queryFn: ({ signal }) => (item ? renderFigure({ ...item, caption: null }, 'svg', signal) : null),
    enabled: item !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

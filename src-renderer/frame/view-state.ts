import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

interface ViewState {
  /** A value of the address's query; undefined when it has none. */
  get(key: string): string | undefined;
  /** Changes some of them; undefined takes one out. A step that Back should undo is `push`ed. */
  set(changes: Readonly<Record<string, string | undefined>>, how?: 'push' | 'replace'): void;
}

/** What a page shows, kept in its address: reloaded, sent to someone or gone back to, it shows the same. */
export function useViewState(): ViewState {
  const [path, navigate] = useLocation();
  const search = useSearch();
  return useMemo(() => {
    const params = new URLSearchParams(search);
    return {
      get: (key) => params.get(key) ?? undefined,
      set(changes, how = 'replace') {
        const next = new URLSearchParams(params);
        for (const [key, value] of Object.entries(changes)) {
          if (value === undefined) next.delete(key);
          else next.set(key, value);
        }
        // Commas may stand in a query as they are, and read better.
        const query = next.toString().replaceAll('%2C', ',');
        const here = path === '/' ? '' : path;
        navigate(query ? `${here}?${query}` : here || '/', { replace: how === 'replace' });
      },
    };
  }, [path, search, navigate]);
}

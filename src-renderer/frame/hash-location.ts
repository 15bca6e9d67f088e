import { useSyncExternalStore } from 'react';
import type { BaseLocationHook } from 'wouter';

/**
 * Addresses behind the #, with their own query: #/fidelity?runs=a,b. (wouter's hook for hashes puts the query before the
 * #, where it outlives the page it was meant for.)
 */
function address(): [path: string, query: string] {
  const [path, query = ''] = window.location.hash.replace(/^#?\/?/, '/').split('?', 2);
  return [path, query];
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

function navigate(to: string, { replace = false, state = null }: { replace?: boolean; state?: unknown } = {}): void {
  const oldURL = window.location.href;
  window.history[replace ? 'replaceState' : 'pushState'](state, '', `#${to}`);
  // The history's own calls are silent.
  window.dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: window.location.href }));
}

export const useHashLocation: BaseLocationHook = () => [useSyncExternalStore(subscribe, () => address()[0]), navigate];
useHashLocation.searchHook = () => useSyncExternalStore(subscribe, () => address()[1]);
useHashLocation.hrefs = (href) => `#${href}`;

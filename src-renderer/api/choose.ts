import { api } from './client.ts';
import { useSystemInfo } from './queries.ts';

/** Asks the person for a folder in the system's own dialog; undefined where the shell has none. */
export function useFolderChooser(): (() => Promise<string | null>) | undefined {
  const system = useSystemInfo();
  return system.data?.shell === 'electron' ? () => api.system.chooseFolder() : undefined;
}

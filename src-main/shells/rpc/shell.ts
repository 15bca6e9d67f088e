import type { RecentProject } from '../../contract/rpc/system.ts';

/** What the router asks of the shell it answers for. */
export interface Shell {
  kind: 'electron' | 'serve';
  /** Lets the person choose a folder; null when none was chosen, and where there are no dialogs. */
  chooseFolder(): Promise<string | null>;
  recent: { list(): Promise<RecentProject[]>; add(dir: string): Promise<void> };
}

/** A shell without dialogs that remembers nothing. */
export const plainShell: Shell = {
  kind: 'serve',
  chooseFolder: async () => null,
  recent: { list: async () => [], add: async () => undefined },
};

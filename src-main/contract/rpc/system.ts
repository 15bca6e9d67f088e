import { z } from 'zod';
import { procedure } from './procedure.ts';

const systemInfo = z.object({
  strata: z.string(),
  node: z.string(),
  /** Null outside Electron. */
  electron: z.string().nullable(),
  platform: z.string(),
  arch: z.string(),
  /** What shows the page: a window of Electron, or a browser that `strata serve` answers. */
  shell: z.enum(['electron', 'serve']),
});

/** An execution provider, proven by a real session; `detail` says why it cannot be used. */
const provider = z.object({ name: z.string(), ok: z.boolean(), detail: z.string() });

/** A project that was opened before; `openedAt` is ISO 8601, UTC. */
const recentProject = z.object({ dir: z.string(), name: z.string(), openedAt: z.string() });
export type RecentProject = z.infer<typeof recentProject>;

export const systemContract = {
  info: procedure.output(systemInfo),
  providers: procedure.output(z.array(provider)),
  /** Lets the person choose a folder; null when none was chosen, and where the shell has no dialogs. */
  chooseFolder: procedure.output(z.string().nullable()),
  /** Newest first; only those that are still there. */
  recentProjects: procedure.output(z.array(recentProject)),
};

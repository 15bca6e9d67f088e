import { join } from 'node:path';
import type { OpenDatabase } from './database.ts';

/** An open project folder. */
export interface Project extends OpenDatabase {
  /** Absolute path. */
  readonly dir: string;
  close(): Promise<void>;
}

/** Where a run keeps its checkpoint, weights, log and results.json. */
export function runDir(project: Pick<Project, 'dir'>, runId: string): string {
  return join(project.dir, 'runs', runId);
}

/** Where activation shards live, one folder a hash. */
export function shardsDir(project: Pick<Project, 'dir'>): string {
  return join(project.dir, 'shards');
}

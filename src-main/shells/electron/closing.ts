import { setTimeout as sleep } from 'node:timers/promises';

/** What a person may want with jobs that run when the window closes. */
export type ClosingChoice = 'keep on' | 'pause' | 'stay';

export interface Closing {
  /** Ids of the jobs that end with this process. */
  jobs(): Promise<string[]>;
  /** Asks a job to stop at the next batch. */
  cancel(id: string): Promise<void>;
  ask(jobs: number): Promise<ClosingChoice>;
}

/** Jobs get so long to write their checkpoints; killed after that, they lose what came since the last one. */
const patienceMs = 60_000;
const pollMs = 100;

/**
 * Whether the window may close now. Without jobs nobody is asked. Paused jobs have ended by then, and can be resumed;
 * jobs that are to keep on need this process to outlive its window.
 */
export async function mayClose({ jobs, cancel, ask }: Closing, patience = patienceMs): Promise<boolean> {
  const running = await jobs();
  if (running.length === 0) return true;
  const choice = await ask(running.length);
  if (choice === 'stay') return false;
  if (choice === 'keep on') return true;
  const deadline = performance.now() + patience;
  for (let left = await jobs(); left.length > 0 && performance.now() < deadline; left = await jobs()) {
    await Promise.all(left.map(cancel));
    await sleep(pollMs);
  }
  return true;
}

/** Resolves once no job is left. */
export async function untilIdle({ jobs }: Pick<Closing, 'jobs'>, everyMs = 1000): Promise<void> {
  while ((await jobs()).length > 0) await sleep(everyMs);
}

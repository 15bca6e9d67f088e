import { fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Node's flags for a process that computes: its large arrays lie outside the JavaScript heap, and what is inside is
 * short-lived, so that a small young generation keeps memory level without costing time.
 */
export const engineFlags = ['--max-semi-space-size=2'];

/**
 * glibc's settings for that process: large blocks go back to the system when they are freed. By itself glibc learns to
 * keep them, and fragments: memory then grows with the number of batches.
 */
export const engineEnvironment = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '262144',
  MALLOC_TRIM_THRESHOLD_: '1000000',
};

export interface LaunchOptions {
  args?: readonly string[];
  /** Where its standard streams go: nowhere, its errors to ours, or both appended to a file. */
  output: 'none' | 'errors' | { file: string };
}

/** A process that was started; it speaks to this one through `parent.ts`. */
export interface Launched {
  /** Dropped when the process is no longer there. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Ends it at once. */
  kill(): void;
  /** How it ended, to follow "the process"; never rejects. */
  ended: Promise<string>;
}

/** Starts a host: a file of this folder that is named without its ending, such as `probe-host`. */
export type Launch = (host: string, options: LaunchOptions) => Launched;

/** On Node the hosts are the source files beside this one. */
const forkSource: Launch = (host, { args = [], output }) => {
  const file = typeof output === 'object' ? openSync(output.file, 'a') : undefined;
  try {
    const child = fork(resolve(import.meta.dirname, `${host}.ts`), args, {
      execArgv: [...process.execArgv, ...engineFlags],
      env: { ...process.env, ...engineEnvironment },
      serialization: 'advanced',
      stdio: ['ignore', file ?? 'ignore', file ?? (output === 'errors' ? 'inherit' : 'ignore'), 'ipc'],
    });
    return {
      send: (message) => child.connected && child.send(message as object),
      onMessage: (listener) => child.on('message', listener),
      kill: () => child.kill('SIGKILL'),
      ended: new Promise((resolve) => {
        child.once('error', (error) => resolve(`did not start: ${error.message}`));
        child.once('exit', (code, signal) =>
          resolve(signal ? `was ended by ${signal}` : `ended with exit code ${code}`),
        );
      }),
    };
  } finally {
    if (file !== undefined) closeSync(file);
  }
};

let current: Launch = forkSource;

/** Starts the process that does what this one must not: compute, or try drivers. */
export const launch: Launch = (host, options) => current(host, options);

/** For an application that is bundled, or whose Node may not be run by itself: its own way to start a host. */
export function launchWith(way: Launch): void {
  current = way;
}

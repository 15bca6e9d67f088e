import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import path from 'node:path';

type UtilityProcess = ChildProcess & { postMessage(message: unknown): void };

const parentPort = path.join(import.meta.dirname, 'parent-port.ts');

export const utilityProcess = {
  /** A forked Node that finds `process.parentPort` as in Electron's utility processes. */
  fork(file: string, args: string[] = [], options: ForkOptions = {}): UtilityProcess {
    const execArgv = [...(options.execArgv ?? []), '--import', parentPort];
    const child = fork(file, args, { ...options, execArgv, serialization: 'advanced' });
    return Object.assign(child, { postMessage: (message: unknown) => void child.send(message as object) });
  },
};

import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import path from 'node:path';

type UtilityProcess = ChildProcess & { postMessage(message: unknown): void };

/** As Electron takes them: three streams, without the channel that Node asks for. */
type Options = Omit<ForkOptions, 'stdio'> & { stdio?: ('ignore' | 'pipe' | 'inherit')[]; serviceName?: string };

const parentPort = path.join(import.meta.dirname, 'parent-port.ts');

export const utilityProcess = {
  /** A forked Node that finds `process.parentPort` as in Electron's utility processes. */
  fork(file: string, args: string[] = [], { stdio = [], execArgv = [], ...options }: Options = {}): UtilityProcess {
    const [, output = 'inherit', errors = 'inherit'] = stdio;
    const child = fork(file, args, {
      ...options,
      execArgv: [...execArgv, '--import', parentPort],
      stdio: ['ignore', output, errors, 'ipc'],
      serialization: 'advanced',
    });
    // A process that is gone hears nothing.
    return Object.assign(child, {
      postMessage: (message: unknown) => void (child.connected && child.send(message as object)),
    });
  },
};

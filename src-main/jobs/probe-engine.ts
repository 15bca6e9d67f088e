import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { StrataError } from '../contract/errors.ts';
import type { ProviderProbe } from '../engine/session.ts';

/**
 * Tries every execution provider, in a process of its own: a driver that crashes costs an answer, and what native code
 * prints while it looks for devices stays out of ours. JOB_FAILED when that process dies.
 */
export function probeEngine(): Promise<ProviderProbe[]> {
  const child = fork(fileURLToPath(new URL('./probe-host.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (probes) => resolve(probes as ProviderProbe[]));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
      reject(new StrataError('JOB_FAILED', `the process that tries the execution providers ${how}`));
    });
  });
}

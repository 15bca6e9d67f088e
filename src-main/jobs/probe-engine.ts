import { StrataError } from '../contract/errors.ts';
import type { ProviderProbe } from '../engine/session.ts';
import { launch } from './launch.ts';

/**
 * Tries every execution provider, in a process of its own: a driver that crashes costs an answer, and what native code
 * prints while it looks for devices stays out of ours. JOB_FAILED when that process dies.
 */
export function probeEngine(): Promise<ProviderProbe[]> {
  const child = launch('probe-host', { output: 'none' });
  return new Promise((resolve, reject) => {
    child.onMessage((probes) => {
      resolve(probes as ProviderProbe[]);
      child.kill();
    });
    void child.ended.then((how) => {
      reject(new StrataError('JOB_FAILED', `the process that tries the execution providers ${how}`));
    });
  });
}

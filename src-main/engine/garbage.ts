import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc: unknown = runInNewContext('gc');

/**
 * Collects garbage now, in some ten milliseconds. Where work comes in many equal batches, the heap would otherwise grow
 * with their number to what the collector deems worth its while, which is far more than they need.
 */
export function collectGarbage(): void {
  if (typeof gc === 'function') gc();
}

import { probeProviders } from '../engine/session.ts';

/** Entry of the process that tries the execution providers; it sends its findings once and ends. */
process.send?.(await probeProviders(), () => process.exit(0));

import { probeProviders } from '../engine/session.ts';
import { tellParent } from './parent.ts';

/** Entry of the process that tries the execution providers; it sends its findings once, and is ended by its parent. */
tellParent(await probeProviders());

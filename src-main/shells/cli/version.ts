import { strataVersion as readVersion } from '../../pipeline/provenance.ts';

export const strataVersion = readVersion();

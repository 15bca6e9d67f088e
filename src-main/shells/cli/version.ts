import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { resolveSource } from '../../pipeline/source.ts';

/** Strata's version, from its package.json. */
export const strataVersion = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(resolveSource('embedded:package.json'), 'utf8'))).version;

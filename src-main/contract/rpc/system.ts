import { z } from 'zod';
import { procedure } from './procedure.ts';

const systemInfo = z.object({
  strata: z.string(),
  node: z.string(),
  /** Null outside Electron. */
  electron: z.string().nullable(),
  platform: z.string(),
  arch: z.string(),
});

/** An execution provider, proven by a real session; `detail` says why it cannot be used. */
const provider = z.object({ name: z.string(), ok: z.boolean(), detail: z.string() });
export type ProviderInfo = z.infer<typeof provider>;

export const systemContract = {
  info: procedure.output(systemInfo),
  providers: procedure.output(z.array(provider)),
};

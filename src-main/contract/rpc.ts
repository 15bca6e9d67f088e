import { type InferContractRouterOutputs, oc } from '@orpc/contract';
import { z } from 'zod';
import { errorCodes } from './errors.ts';
import { jobStates } from './job.ts';
import { reconstructionRowSchema } from './results.ts';

/** A StrataError crosses the boundary as EXPECTED, with its message; anything else stays a bug without details. */
const procedure = oc.errors({ EXPECTED: { status: 422, data: z.object({ code: z.enum(errorCodes) }) } });

const systemInfo = z.object({
  strata: z.string(),
  node: z.string(),
  /** Null outside Electron. */
  electron: z.string().nullable(),
  platform: z.string(),
  arch: z.string(),
});

const runSummary = z.object({
  id: z.string(),
  name: z.string(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  sparsifier: z.string(),
  /** The state of the run's latest job; `new` before the first. */
  state: z.enum(['new', ...jobStates]),
  /** Why the latest job failed. */
  error: z.string().nullable(),
  /** Null until the run has results. */
  reconstruction: z
    .object({
      cls: z.array(reconstructionRowSchema),
      patches: z.array(reconstructionRowSchema),
      all: z.array(reconstructionRowSchema),
    })
    .nullable(),
});

const projectSummary = z.object({
  /** The absolute path of the project folder. */
  dir: z.string(),
  /** Newest first. */
  runs: z.array(runSummary),
});

/** All that a window can ask for. Both shells (Electron and, later, `strata serve`) answer it with the same router. */
export const rpcContract = {
  system: { info: procedure.output(systemInfo) },
  /** `summary` is null when the workbench was started without a project. */
  project: { summary: procedure.output(projectSummary.nullable()) },
};

type Outputs = InferContractRouterOutputs<typeof rpcContract>;
export type ProjectSummary = NonNullable<Outputs['project']['summary']>;
export type RunSummary = ProjectSummary['runs'][number];

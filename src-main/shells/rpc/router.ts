import { implement } from '@orpc/server';
import { isStrataError } from '../../contract/errors.ts';
import { rpcContract } from '../../contract/rpc.ts';
import type { Project } from '../../store/project-folder.ts';
import { projectSummary } from './project-summary.ts';

/** What a shell gives the router. */
export interface RpcContext {
  /** Strata's version. */
  version: string;
  /** The project the shell was started with, opened; undefined when it was started without one. */
  project(): Promise<Project | undefined>;
}

const os = implement(rpcContract)
  .$context<RpcContext>()
  .use(async ({ next, errors }) => {
    try {
      return await next();
    } catch (error) {
      if (isStrataError(error)) throw errors.EXPECTED({ message: error.message, data: { code: error.code } });
      throw error;
    }
  });

/** The answers to the contract, the same over every transport. */
export const rpcRouter = os.router({
  system: {
    info: os.system.info.handler(({ context }) => ({
      strata: context.version,
      node: process.versions.node,
      electron: process.versions.electron ?? null,
      platform: process.platform,
      arch: process.arch,
    })),
  },
  project: {
    summary: os.project.summary.handler(async ({ context }) => {
      const project = await context.project();
      return project ? projectSummary(project) : null;
    }),
  },
});

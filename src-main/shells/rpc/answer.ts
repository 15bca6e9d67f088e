import { implement } from '@orpc/server';
import { isStrataError, StrataError } from '../../contract/errors.ts';
import { rpcContract } from '../../contract/rpc/index.ts';
import type { Project } from '../../store/project-folder.ts';
import type { Workbench } from './workbench.ts';

/** What a shell gives the router. */
export interface RpcContext {
  workbench: Workbench;
}

/** The contract to implement, area by area. Expected errors cross with their code and message. */
export const answer = implement(rpcContract)
  .$context<RpcContext>()
  .use(async ({ next, errors }) => {
    try {
      return await next();
    } catch (error) {
      if (isStrataError(error)) throw errors.EXPECTED({ message: error.message, data: { code: error.code } });
      throw error;
    }
  });

/** The open project; NOT_FOUND while there is none. */
export async function openedProject({ workbench }: RpcContext): Promise<Project> {
  const project = await workbench.project();
  if (!project) throw new StrataError('NOT_FOUND', 'no project is open; open or make one first');
  return project;
}

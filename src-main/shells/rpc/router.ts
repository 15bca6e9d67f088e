import { answer } from './answer.ts';
import { jobsRouter } from './jobs.ts';
import { projectRouter } from './project.ts';
import { runsRouter } from './runs.ts';
import { systemRouter } from './system.ts';

/** The answers to the contract, the same over every transport. */
export const rpcRouter = answer.router({
  system: systemRouter,
  project: projectRouter,
  jobs: jobsRouter,
  runs: runsRouter,
});

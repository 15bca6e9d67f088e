import { analysisRouter } from './analysis.ts';
import { answer } from './answer.ts';
import { dataRouter } from './data.ts';
import { figuresRouter } from './figures.ts';
import { jobsRouter } from './jobs.ts';
import { modelsRouter } from './models.ts';
import { projectRouter } from './project.ts';
import { runsRouter } from './runs.ts';
import { systemRouter } from './system.ts';

/** The answers to the contract, the same over every transport. */
export const rpcRouter = answer.router({
  system: systemRouter,
  project: projectRouter,
  data: dataRouter,
  models: modelsRouter,
  jobs: jobsRouter,
  runs: runsRouter,
  analysis: analysisRouter,
  figures: figuresRouter,
});

import { analysisContract } from './analysis.ts';
import { dataContract } from './data.ts';
import { figuresContract } from './figures.ts';
import { jobsContract } from './jobs.ts';
import { modelsContract } from './models.ts';
import { projectContract } from './project.ts';
import { runsContract } from './runs.ts';
import { systemContract } from './system.ts';

/** All that a window can ask for, one file an area. Both shells (Electron and `strata serve`) answer it with one router. */
export const rpcContract = {
  system: systemContract,
  project: projectContract,
  data: dataContract,
  models: modelsContract,
  jobs: jobsContract,
  runs: runsContract,
  analysis: analysisContract,
  figures: figuresContract,
};

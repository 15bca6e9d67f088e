import { pathToFileURL } from 'node:url';
import { activeJob, finishJob } from '../store/jobs.ts';
import { openProject } from '../store/project.ts';
import { onParentGone } from './parent.ts';
import { type PipelineModule, runJob } from './run-job.ts';
import { openRunLog } from './run-log.ts';

/**
 * Entry of the process that carries out one job: `host.ts PROJECT RUN JOB [PIPELINE_MODULE]`. Everything it has to say
 * goes into the project, so that a crash of native code in here costs no more than the job.
 */
const [dir, runId, jobId, pipelinePath] = process.argv.slice(2);

const project = await openProject(dir);
const log = openRunLog(project, runId);

// Ctrl-C reaches the whole process group; stopping is the starter's decision.
process.on('SIGINT', () => log.info('SIGINT left to the process that started this one'));

async function end(code: number, state: 'failed' | 'interrupted', message: string): Promise<never> {
  const error = state === 'failed' ? { code: 'JOB_FAILED', message } : null;
  await finishJob(project, jobId, state, error);
  process.exit(code);
}

process.on('uncaughtException', async (error) => {
  log.fatal(error, 'uncaught');
  await end(1, 'failed', `the engine failed: ${error.message}; details are in runs/${runId}/log`);
});

// Without its starter nobody would see this job or could stop it; whatever is finished stays and is taken up again.
onParentGone(async () => {
  log.warn('the process that started this job is gone');
  await end(0, 'interrupted', '');
});

const pipeline: PipelineModule = pipelinePath
  ? await import(pathToFileURL(pipelinePath).href)
  : await import('../pipeline/index.ts');

if ((await activeJob(project, runId))?.id === jobId) await runJob(project, runId, jobId, pipeline, log);
await project.close();
process.exit(0);

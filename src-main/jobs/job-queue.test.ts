import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { jobById, listJobs } from '../store/jobs.ts';
import type { Project } from '../store/project-folder.ts';
import { runInProject, temporaryDir, temporaryProject } from '../store/test-project.ts';
import { JobQueue } from './job-queue.ts';

async function queueOf(project: Project, body: string): Promise<JobQueue> {
  const pipelineModule = join(await temporaryDir(onTestFinished), 'pipeline.mjs');
  await writeFile(
    pipelineModule,
    `import { setTimeout as sleep } from 'node:timers/promises';
     export async function runPipeline({ signal, recipe }) { ${body} }`,
  );
  return new JobQueue(project, { pipelineModule });
}

it('carries jobs out one after the other, whatever becomes of them', async () => {
  const project = await temporaryProject(onTestFinished);
  const runs = [await runInProject(project), await runInProject(project, 1)];
  const queue = await queueOf(project, `if (recipe.seed === 0) throw new Error('no'); await sleep(50);`);
  const jobs = await Promise.all(runs.map(({ id }) => queue.add(id)));
  expect(jobs.map(({ state }) => state)).toEqual(['queued', 'queued']);
  await expect(queue.add(runs[1].id)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  await queue.idle();
  const [first, second] = await listJobs(project);
  expect([first.state, second.state]).toEqual(['failed', 'succeeded']);
  expect(String(second.startedAt) >= String(first.finishedAt)).toBe(true);
});

it('cancels a waiting job at once, and a running one at its next batch', async () => {
  const project = await temporaryProject(onTestFinished);
  const runs = [await runInProject(project), await runInProject(project, 1)];
  const queue = await queueOf(project, 'await sleep(1e6, null, { signal });');
  const [running, waiting] = [await queue.add(runs[0].id), await queue.add(runs[1].id)];
  while ((await jobById(project, running.id)).state === 'queued') await sleep(20);
  await queue.cancel(waiting.id);
  expect(await jobById(project, waiting.id)).toMatchObject({ state: 'cancelled', startedAt: null });
  await queue.cancel(running.id);
  await queue.idle();
  expect((await listJobs(project)).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
});

import { createRouterClient } from '@orpc/server';
import { expect, it, onTestFinished } from 'vitest';
import { finishJob, queueJob } from '../../store/jobs.ts';
import { listRuns } from '../../store/runs.ts';
import { runInProject, temporaryProject } from '../../store/test-project.ts';
import { jobsRouter } from './jobs.ts';
import { runsRouter } from './runs.ts';
import { Workbench } from './workbench.ts';

async function openRuns() {
  const project = await temporaryProject(onTestFinished);
  const run = await runInProject(project);
  const workbench = new Workbench('1.2.3', project.dir);
  onTestFinished(() => workbench.close());
  const client = createRouterClient({ runs: runsRouter, jobs: jobsRouter }, { context: { workbench } });
  return { project, run, client };
}

it('a recipe is checked against the schema and against what the project has', async () => {
  const { client, run } = await openRuns();
  expect(await client.runs.check({ yaml: 'name: tiny\nsede: 1' })).toMatchObject({
    problems: [{ line: 2, column: 1, key: 'sede' }],
    runs: [],
  });
  expect(await client.runs.check({ yaml: 'name: tiny\n\nmodel:   vit-l\n' })).toEqual({
    problems: [
      { line: 3, column: 10, key: 'model', message: "'vit-l' is no model of this project (it has: mini-clip)" },
    ],
    runs: [],
  });
  expect(await client.runs.check({ yaml: 'name: tiny\nseed: [0, 1]' })).toMatchObject({
    problems: [],
    runs: [{ name: 'tiny-s0' }, { name: 'tiny-s1' }],
  });
  const known = await client.runs.check({ yaml: 'name: tiny' });
  expect(known).toEqual({ problems: [], runs: [{ id: run.id, name: 'tiny', exists: true }] });
});

it('a run is made from text, and its whole recipe makes the same run again', async () => {
  const { client, project } = await openRuns();
  const { runIds } = await client.runs.create({ yaml: 'name: other\ntrain: {steps: 3}' });
  expect(runIds).toHaveLength(1);
  const { yaml } = await client.runs.recipe({ runId: runIds[0] });
  expect(yaml).toContain('steps: 3');
  expect(await client.runs.create({ yaml })).toEqual({ runIds });
  expect(await listRuns(project)).toHaveLength(2);
  await expect(client.runs.create({ yaml: 'name: A' })).rejects.toMatchObject({ data: { code: 'RECIPE_INVALID' } });
});

it('every recipe that comes with Strata can be used, the demos first', async () => {
  const { client } = await openRuns();
  const templates = await client.runs.templates();
  expect(templates.slice(0, 2).map(({ name }) => name)).toEqual(['demo', 'demo-quick']);
  for (const { name, summary, yaml } of templates) {
    expect(summary, name).not.toBe('');
    const keys = (await client.runs.check({ yaml })).problems.map(({ key }) => key);
    expect(
      keys.filter((key) => key !== 'model' && key !== 'dataset'),
      name,
    ).toEqual([]);
  }
});

it('runs keep tags and a note until they are deleted', async () => {
  const { client, run, project } = await openRuns();
  await client.runs.annotate({ runId: run.id, tags: ['paper'], note: 'the first' });
  const [details] = await client.runs.details();
  expect(details).toEqual({ id: run.id, recipe: run.recipe, tags: ['paper'], note: 'the first' });
  const job = await queueJob(project, run.id);
  await expect(client.runs.delete({ runIds: [run.id] })).rejects.toMatchObject({ data: { code: 'ALREADY_EXISTS' } });
  await finishJob(project, job.id, 'cancelled');
  expect((await client.runs.freed({ runIds: [run.id] })).shards).toBe(0);
  await client.runs.delete({ runIds: [run.id] });
  expect(await client.runs.details()).toEqual([]);
});

it('a run whose job fails can be started again, and says why it failed', async () => {
  const { client, run } = await openRuns();
  const job = await client.jobs.start({ runId: run.id });
  expect(job).toMatchObject({ runId: run.id, state: 'queued' });
  const events = [];
  for await (const { event } of await client.jobs.watch({ jobId: job.id })) events.push(event);
  expect(events[0]).toMatchObject({ type: 'stage', stage: 'capture', state: 'started' });
  const [ended] = await client.jobs.list();
  expect(ended.state).toBe('failed');
  expect(await client.jobs.log({ runId: run.id })).toContain('job failed');
});

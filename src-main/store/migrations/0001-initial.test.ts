import { expect, it, onTestFinished } from 'vitest';
import { queueJob } from '../jobs.ts';
import { runInProject, temporaryProject } from '../test-project.ts';
import { initial } from './0001-initial.ts';

it('0001 makes every table, with its rules, in an empty database', async () => {
  const project = await temporaryProject(onTestFinished, { '0001-initial': initial });
  const { sqlite } = project;
  const names = sqlite
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'kysely%'")
    .pluck();
  expect(names.all().sort()).toEqual(
    ['datasets', 'events', 'images', 'jobs', 'models', 'results', 'runs', 'skippedImages'].sort(),
  );

  const run = await runInProject(project);
  const job = await queueJob(project, run.id);
  const another =
    'insert into jobs select id || 2, runId, kind, state, pid, starterPid, createdAt, null, null, null, null';
  expect(() => sqlite.exec(`${another} from jobs`)).toThrow('UNIQUE');
  sqlite.exec("update jobs set state = 'succeeded'");
  expect(() => sqlite.exec(`${another} from jobs`)).not.toThrow();

  const event = sqlite.prepare("insert into events values (?, 1, '', 'notice', '{}')");
  event.run(job.id);
  expect(() => event.run('nobody')).toThrow('FOREIGN KEY');
  sqlite.exec("delete from jobs; delete from runs; delete from datasets where name = 'emoji'");
  const left = (table: string) => sqlite.prepare(`select count(*) from ${table}`).pluck().get();
  expect([left('events'), left('images')]).toEqual([0, 0]);
});

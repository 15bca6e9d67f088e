import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { openProject } from '../project.ts';
import { readResult, writeResult } from '../results.ts';
import { runById } from '../runs.ts';
import { runInProject, temporaryProject } from '../test-project.ts';
import { initial } from './0001-initial.ts';

it('0002 adds the feature index to a project of 0001, whose data stay', async () => {
  const old = await temporaryProject(onTestFinished, { '0001-initial': initial });
  const run = await runInProject(old);
  const section = { top1: 0.5, top5: 0.9, n: 10 };
  await writeResult(old, { runId: run.id, stage: 'evaluate', key: 'zeroShot', section, seconds: 1 });
  await old.close();

  const project = await openProject(old.dir);
  onTestFinished(() => project.close());
  expect(await runById(project, run.id)).toEqual(run);
  expect(await readResult(project, run.id, 'evaluate', 'zeroShot')).toEqual(section);
  expect(project.sqlite.prepare('select count(*) from images').pluck().get()).toBe(10);
  expect(project.sqlite.prepare('select count(*) from features').pluck().get()).toBe(0);

  const backup = new Database(`${old.dir}/project.sqlite.before-0002-features`, { readonly: true });
  expect(backup.prepare("select name from sqlite_schema where name = 'features'").get()).toBeUndefined();
  expect(backup.prepare('select id from runs').pluck().all()).toEqual([run.id]);
  backup.close();
});

it('0002 ties a feature to its run, its details and its text to the feature', async () => {
  const project = await temporaryProject(onTestFinished);
  const { sqlite } = project;
  const { id } = await runInProject(project);
  const add = sqlite.prepare(
    'insert into features ("runId", layer, feature, rate, "rateCls", "ratePatches", "imageRate", mean, max) values (?, 0, ?, 0, 0, 0, 0, 0, 0)',
  );
  expect(() => add.run('nobody', 0)).toThrow('FOREIGN KEY');
  const { lastInsertRowid } = add.run(id, 0);
  expect(() => add.run(id, 0)).toThrow('UNIQUE');
  sqlite.prepare(`insert into "featureDetails" values (?, '[]', '[]', '[]')`).run(lastInsertRowid);
  sqlite.prepare('insert into "featureText" (rowid, label, classes) values (?, ?, ?)').run(lastInsertRowid, 'a', 'b');
  const left = (table: string) => sqlite.prepare(`select count(*) from "${table}"`).pluck().get();
  expect(['features', 'featureDetails', 'featureText'].map(left)).toEqual([1, 1, 1]);
  sqlite.exec('delete from runs');
  expect(['features', 'featureDetails', 'featureText'].map(left)).toEqual([0, 0, 0]);
});

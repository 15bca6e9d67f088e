import { expect, it, onTestFinished } from 'vitest';
import { openProject } from '../project.ts';
import { runById } from '../runs.ts';
import { runInProject, temporaryProject } from '../test-project.ts';
import { initial } from './0001-initial.ts';
import { features } from './0002-features.ts';

it('0003 adds notes to a project of 0002, whose data stay; a note goes with its run', async () => {
  const old = await temporaryProject(onTestFinished, { '0001-initial': initial, '0002-features': features });
  const run = await runInProject(old);
  await old.close();

  const project = await openProject(old.dir);
  onTestFinished(() => project.close());
  expect(await runById(project, run.id)).toEqual(run);
  const add = project.sqlite.prepare(`insert into "runNotes" values (?, '[]', 'try a larger k')`);
  expect(() => add.run('nobody')).toThrow('FOREIGN KEY');
  add.run(run.id);
  expect(() => add.run(run.id)).toThrow('UNIQUE');
  project.sqlite.exec('delete from runs');
  expect(project.sqlite.prepare('select count(*) from "runNotes"').pluck().get()).toBe(0);
});

import { expect, it, onTestFinished } from 'vitest';
import { addToBasket, basketItems } from '../figure-basket.ts';
import { openProject } from '../project.ts';
import { runById } from '../runs.ts';
import { runInProject, temporaryProject } from '../test-project.ts';
import { initial } from './0001-initial.ts';
import { features } from './0002-features.ts';
import { runNotes } from './0003-run-notes.ts';

it('0004 adds an empty basket to a project of 0003, whose data stay', async () => {
  const old = await temporaryProject(onTestFinished, {
    '0001-initial': initial,
    '0002-features': features,
    '0003-run-notes': runNotes,
  });
  const run = await runInProject(old);
  await old.close();

  const project = await openProject(old.dir);
  onTestFinished(() => project.close());
  expect(await runById(project, run.id)).toEqual(run);
  expect(await basketItems(project)).toEqual([]);
  await addToBasket(project, { figure: 'cascade', runs: [run.id] });
  expect(() => project.sqlite.exec(`update "figureBasket" set width = 'wide'`)).toThrow('CHECK');
});

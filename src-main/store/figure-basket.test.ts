import { expect, it, onTestFinished } from 'vitest';
import { addToBasket, basketItems, changeInBasket, moveInBasket, removeFromBasket } from './figure-basket.ts';
import { temporaryProject } from './test-project.ts';

it('keeps what is put aside, once, with its settings', async () => {
  const project = await temporaryProject(onTestFinished);
  const first = await addToBasket(project, { figure: 'cascade', runs: ['a', 'b'] });
  expect(first).toMatchObject({ width: 'double', formats: ['pdf'], caption: null });
  expect(await addToBasket(project, { figure: 'cascade', runs: ['a', 'b'] })).toEqual(first);
  await addToBasket(project, { figure: 'cascade', runs: ['b', 'a'] });
  await changeInBasket(project, first.id, { width: 'single', formats: ['svg', 'csv'], caption: 'What it shows.' });
  const [changed, other] = await basketItems(project);
  expect(changed).toEqual({ ...first, width: 'single', formats: ['svg', 'csv'], caption: 'What it shows.' });
  expect(other.runs).toEqual(['b', 'a']);
  await changeInBasket(project, first.id, { caption: null });
  expect((await basketItems(project))[0]).toMatchObject({ width: 'single', caption: null });
});

it('moves and removes; what is gone is said so', async () => {
  const project = await temporaryProject(onTestFinished);
  const items = await Promise.all(['a', 'b', 'c'].map((run) => addToBasket(project, { figure: 'audit', runs: [run] })));
  const order = async () => (await basketItems(project)).map(({ runs }) => runs[0]).join('');
  const before = await order();
  const byRun = (run: string) => items.find(({ runs }) => runs[0] === run)?.id ?? '';
  await moveInBasket(project, byRun(before[2]), 0);
  expect(await order()).toBe(before[2] + before[0] + before[1]);
  await moveInBasket(project, byRun(before[2]), 9);
  expect(await order()).toBe(before);
  await removeFromBasket(project, byRun(before[1]));
  await removeFromBasket(project, byRun(before[1]));
  expect(await order()).toBe(before[0] + before[2]);
  await addToBasket(project, { figure: 'audit', runs: ['d'] });
  expect(await order()).toBe(`${before[0] + before[2]}d`);
  const gone = { code: 'NOT_FOUND', message: expect.stringContaining('removed in another window') };
  await expect(moveInBasket(project, byRun(before[1]), 0)).rejects.toMatchObject(gone);
  await expect(changeInBasket(project, byRun(before[1]), { width: 'single' })).rejects.toMatchObject(gone);
});

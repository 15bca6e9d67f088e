import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { StrataError } from '../contract/errors.ts';
import { Activities } from './activities.ts';

const what = { kind: 'import', subject: '/images', dataset: 'pets', model: null } as const;

test('progress, a happy end, and being forgotten', async () => {
  const activities = new Activities();
  let go: (() => void) | undefined;
  const id = activities.start('/a', what, async (report) => {
    report({ done: 3, total: 12 });
    await new Promise<void>((resolve) => {
      go = resolve;
    });
    return '12 images';
  });
  expect(activities.list('/a')).toMatchObject([{ id, state: 'running', done: 3, total: 12 }]);
  expect(activities.list('/b')).toEqual([]);
  go?.();
  await sleep(1);
  expect(activities.list('/a')).toMatchObject([{ state: 'succeeded', message: '12 images' }]);
  activities.end(id);
  expect(activities.list('/a')).toEqual([]);
});

test('an expected error is told; stopping is no error', async () => {
  const activities = new Activities();
  activities.start('/a', what, async () => {
    throw new StrataError('DATASET_INVALID', '/images: nothing there');
  });
  const stopped = activities.start('/a', what, (_, signal) => sleep(60_000, 'late', { signal }));
  activities.end(stopped);
  await sleep(1);
  expect(activities.list('/a')).toMatchObject([
    { state: 'failed', message: '/images: nothing there' },
    { state: 'cancelled' },
  ]);
});

test('watchers see the open project, another one once it is open, and every change', async () => {
  const activities = new Activities();
  let dir: string | undefined;
  const controller = new AbortController();
  const seen: number[] = [];
  const watching = (async () => {
    for await (const list of activities.changes(async () => dir, controller.signal)) seen.push(list.length);
  })();
  await sleep(50);
  const id = activities.start('/a', what, (_, signal) => sleep(60_000, 'late', { signal }));
  await sleep(300);
  dir = '/a';
  await sleep(300);
  controller.abort();
  await watching;
  activities.end(id);
  expect(seen[0]).toBe(0);
  expect(seen.at(-1)).toBe(1);
});

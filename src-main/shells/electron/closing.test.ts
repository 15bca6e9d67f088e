import { expect, test } from 'vitest';
import { type Closing, type ClosingChoice, mayClose, untilIdle } from './closing.ts';

/** Two jobs that end when they are asked a second time, and a person with an answer ready. */
function scene(choice: ClosingChoice, running = ['a', 'b']) {
  const asked: number[] = [];
  const cancels: string[] = [];
  const closing: Closing = {
    jobs: async () => running.filter((id) => cancels.filter((cancelled) => cancelled === id).length < 2),
    cancel: async (id) => void cancels.push(id),
    ask: async (jobs) => {
      asked.push(jobs);
      return choice;
    },
  };
  return { asked, cancels, closing };
}

test('without jobs the window closes and nobody is asked', async () => {
  const { asked, closing } = scene('stay', []);
  expect(await mayClose(closing)).toBe(true);
  expect(asked).toEqual([]);
});

test('the window stays, or closes while the jobs go on', async () => {
  const stay = scene('stay');
  expect(await mayClose(stay.closing)).toBe(false);
  const keep = scene('keep on');
  expect(await mayClose(keep.closing)).toBe(true);
  expect(stay.asked).toEqual([2]);
  expect([...stay.cancels, ...keep.cancels]).toEqual([]);
});

test('paused jobs have ended before the window closes', async () => {
  const { cancels, closing } = scene('pause');
  expect(await mayClose(closing)).toBe(true);
  expect(await closing.jobs()).toEqual([]);
  expect(cancels.toSorted()).toEqual(['a', 'a', 'b', 'b']);
  await untilIdle(closing);
});

test('a job that does not stop does not keep the window for ever', async () => {
  const { closing } = scene('pause');
  expect(await mayClose({ ...closing, cancel: async () => undefined }, 50)).toBe(true);
  expect(await closing.jobs()).toHaveLength(2);
});

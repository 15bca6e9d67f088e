import { expect, test } from 'vitest';
import type { JobEvent, JobEventRecord } from '../../src-main/contract/events.ts';
import { JobFeed, type WatchEvents } from './job-feed.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const record = (seq: number, event: JobEvent): JobEventRecord => ({ jobId: 'a.1', seq, time: '', event });
const training = (step: number): JobEvent => ({
  type: 'training',
  step,
  steps: 10,
  loss: 1,
  learningRate: 1,
  tokensPerSecond: 1,
  secondsLeft: 1,
  layers: [],
});
const events = [
  record(1, { type: 'stage', stage: 'train', state: 'started' }),
  record(2, { type: 'progress', stage: 'train', done: 1, total: 10, unit: 'steps', perSecond: 1, secondsLeft: 9 }),
  record(3, training(5)),
  record(4, { type: 'notice', level: 'info', message: 'hello' }),
  record(5, { type: 'stage', stage: 'train', state: 'finished', seconds: 3 }),
];

const now = (action: () => void) => action();

test('a feed gathers what a job says, by kind', async () => {
  async function* all() {
    yield* events;
  }
  const feed = new JobFeed(async () => all(), now);
  const end = feed.subscribe(() => {});
  while (!feed.complete) await sleep(1);
  end();
  expect(feed.training.map(({ step }) => step)).toEqual([5]);
  expect(feed.stage).toMatchObject({ id: 'train', state: 'finished', seconds: 3, progress: { done: 1 } });
  expect(feed.notices.map(({ event }) => event.message)).toEqual(['hello']);
});

test('it stops when nobody looks, goes on from the last event, and takes none twice', async () => {
  const asked: number[] = [];
  const watch: WatchEvents = async (afterSeq, signal) => {
    asked.push(afterSeq);
    return (async function* () {
      // As after a lost connection, one event comes again.
      for (const event of events.slice(Math.max(0, afterSeq - 1))) {
        if (asked.length === 1 && event.seq > 3) {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        }
        if (signal.aborted) return;
        yield event;
      }
    })();
  };
  const feed = new JobFeed(watch, now);
  const end = feed.subscribe(() => {});
  while (feed.training.length === 0) await sleep(1);
  end();
  await sleep(5);
  expect(feed.complete).toBe(false);
  feed.subscribe(() => {});
  while (!feed.complete) await sleep(1);
  expect(asked).toEqual([0, 3]);
  expect([feed.training.length, feed.notices.length]).toEqual([1, 1]);
});

test('those who look are told once for all events between two pictures', async () => {
  const pictures: (() => void)[] = [];
  async function* all() {
    yield* events;
  }
  let told = 0;
  const feed = new JobFeed(
    async () => all(),
    (action) => pictures.push(action),
  );
  feed.subscribe(() => told++);
  while (!feed.complete) await sleep(1);
  expect([told, pictures.length, feed.version]).toEqual([0, 1, 0]);
  pictures[0]();
  expect([told, feed.version]).toEqual([1, 1]);
});

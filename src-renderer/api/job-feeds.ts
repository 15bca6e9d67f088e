import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Job } from '../../src-main/contract/job.ts';
import { api } from './client.ts';
import { JobFeed, type Schedule } from './job-feed.ts';

const pictureMs = 100;
let drawnAt = 0;

/** Up to ten times a second, all feeds together, and never while the page is hidden. */
const withThePicture: Schedule = (action) => {
  const wait = Math.max(0, drawnAt + pictureMs - performance.now());
  setTimeout(() => {
    requestAnimationFrame(() => {
      drawnAt = performance.now();
      action();
    });
  }, wait);
};

const feeds = new Map<string, JobFeed>();

/** One feed a job, whoever looks. A run that was deleted and made again may have a job of the same id. */
function feedOf({ id, createdAt }: Pick<Job, 'id' | 'createdAt'>): JobFeed {
  const key = `${createdAt} ${id}`;
  const known = feeds.get(key);
  if (known) return known;
  const watch = (afterSeq: number, signal: AbortSignal) => api.jobs.watch({ jobId: id, afterSeq }, { signal });
  const feed = new JobFeed(watch, withThePicture);
  feeds.set(key, feed);
  return feed;
}

/** What these jobs have said, in their order; the component is drawn again as they go on. */
export function useJobFeeds(jobs: readonly Job[]): readonly JobFeed[] {
  const key = jobs.map(({ id, createdAt }) => `${createdAt} ${id}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names the jobs, whose list is another one at each call
  const followed = useMemo(() => jobs.map(feedOf), [key]);
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = followed.map((feed) => feed.subscribe(listener));
      return () => {
        for (const end of ends) end();
      };
    },
    [followed],
  );
  // Feeds change in place; their versions tell that they did.
  useSyncExternalStore(subscribe, () => followed.reduce((sum, feed) => sum + feed.version, 0));
  return followed;
}

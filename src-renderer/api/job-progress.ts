import { count, duration } from '../ui/quantities.ts';
import type { FeedStage } from './job-feed.ts';

type Progress = NonNullable<FeedStage['progress']>;

export function share({ done, total }: Progress): number {
  return total > 0 ? Math.min(1, done / total) : 0;
}

/** "300 of 1,222 images · 45.2 images/s · 20 s left" */
export function pace({ done, total, unit, perSecond, secondsLeft }: Progress): string {
  const rate = perSecond < 10 ? perSecond.toFixed(1) : count(perSecond);
  return `${count(done)} of ${count(total)} ${unit} · ${rate} ${unit}/s · ${duration(secondsLeft)} left`;
}

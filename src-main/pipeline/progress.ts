import type { StageContext } from './stage.ts';

/** Least milliseconds between two progress events: a window needs no more, and each one is stored. */
const interval = 1000;

/** Reports how far a stage is, with its speed and the seconds left. `start` counts work found done already. */
export class Progress {
  readonly #emit: StageContext['emit'];
  readonly #stage: string;
  readonly #unit: string;
  readonly #total: number;
  readonly #start: number;
  readonly #startedAt = performance.now();
  #reportedAt = 0;

  constructor(context: StageContext, stage: string, unit: string, total: number, start = 0) {
    this.#emit = context.emit;
    this.#stage = stage;
    this.#unit = unit;
    this.#total = total;
    this.#start = start;
  }

  perSecond(done: number): number {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return seconds > 0 ? Math.max(0, done - this.#start) / seconds : 0;
  }

  secondsLeft(done: number): number {
    const speed = this.perSecond(done);
    return speed > 0 ? (this.#total - done) / speed : 0;
  }

  /** `done` counts from 0 to the total, work found done already included. */
  report(done: number): void {
    const now = performance.now();
    if (now - this.#reportedAt < interval && done < this.#total) return;
    this.#reportedAt = now;
    this.#emit({
      type: 'progress',
      stage: this.#stage,
      done,
      total: this.#total,
      unit: this.#unit,
      perSecond: this.perSecond(done),
      secondsLeft: this.secondsLeft(done),
    });
  }
}

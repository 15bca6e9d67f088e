import type { JobEvent, JobEventRecord } from '../../src-main/contract/events.ts';

type Event<Type extends JobEvent['type']> = Extract<JobEvent, { type: Type }>;

export interface FeedStage {
  id: string;
  state: Event<'stage'>['state'];
  /** What it took; undefined until it has ended. */
  seconds?: number;
  progress?: Event<'progress'>;
}

/** Calls for the events numbered above `afterSeq`, then new ones until the job has ended. */
export type WatchEvents = (afterSeq: number, signal: AbortSignal) => Promise<AsyncIterable<JobEventRecord>>;

/** Runs `action` soon, at most ten times a second, and when a picture is drawn. */
export type Schedule = (action: () => void) => void;

const retryMs = 1000;

/**
 * What a job has said so far, followed while somebody looks at it. Events are taken as they come; those who look are told
 * when the schedule says so, however many came in between. After a break it goes on from the last event it saw.
 */
export class JobFeed {
  training: Event<'training'>[] = [];
  stages: FeedStage[] = [];
  notices: { time: string; event: Event<'notice'> }[] = [];
  /** All that the job will ever say is here. */
  complete = false;
  /** Grows whenever those who look were told. */
  version = 0;
  #seq = 0;
  #told = true;
  readonly #watch: WatchEvents;
  readonly #schedule: Schedule;
  readonly #listeners = new Set<() => void>();
  #following: AbortController | undefined;

  constructor(watch: WatchEvents, schedule: Schedule) {
    this.#watch = watch;
    this.#schedule = schedule;
  }

  /** The stage that the job is at; undefined before the first. */
  get stage(): FeedStage | undefined {
    return this.stages.at(-1);
  }

  /** Follows the job until the function it gives is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (!this.#following && !this.complete) void this.#follow();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#following?.abort();
      this.#following = undefined;
    };
  }

  async #follow(): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#following = controller;
    while (!signal.aborted && !this.complete) {
      try {
        for await (const record of await this.#watch(this.#seq, signal)) {
          if (signal.aborted) return;
          this.#take(record);
        }
        this.complete = !signal.aborted;
        this.#tell();
      } catch {
        // The process behind the window is gone, or the page: what else is on it says so.
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
    if (this.#following === controller) this.#following = undefined;
  }

  #take({ seq, time, event }: JobEventRecord): void {
    if (seq <= this.#seq) return;
    this.#seq = seq;
    if (event.type === 'training') this.training.push(event);
    else if (event.type === 'notice') this.notices.push({ time, event });
    else if (event.type === 'progress') this.#stage(event.stage).progress = event;
    else Object.assign(this.#stage(event.stage), { state: event.state, seconds: event.seconds });
    this.#tell();
  }

  #stage(id: string): FeedStage {
    const known = this.stages.find((stage) => stage.id === id);
    if (known) return known;
    const stage: FeedStage = { id, state: 'started' };
    this.stages.push(stage);
    return stage;
  }

  #tell(): void {
    if (!this.#told) return;
    this.#told = false;
    this.#schedule(() => {
      this.#told = true;
      this.version++;
      for (const listener of this.#listeners) listener();
    });
  }
}

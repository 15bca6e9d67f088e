import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Activity } from '../contract/activity.ts';
import { isStrataError } from '../contract/errors.ts';

/** Told how many images of how many are done. */
export type Report = (progress: { done: number; total: number }) => void;

interface Entry {
  activity: Activity;
  dir: string;
  startedAt: number;
  controller: AbortController;
}

const pollMs = 150;

/** The activities of a process, for all its windows: each can be watched and stopped, and says how it ended. */
export class Activities {
  #entries: Entry[] = [];
  #version = 0;

  /** Those about the project in `dir`, the oldest first. */
  list(dir: string): Activity[] {
    return this.#entries.filter((entry) => entry.dir === dir).map(({ activity }) => activity);
  }

  /** Starts one; `work` resolves to what came of it, in words. Gives its id. */
  start(
    dir: string,
    what: Pick<Activity, 'kind' | 'subject' | 'dataset' | 'model'>,
    work: (report: Report, signal: AbortSignal) => Promise<string>,
  ): string {
    const id = randomUUID();
    const entry: Entry = {
      dir,
      startedAt: performance.now(),
      controller: new AbortController(),
      activity: { ...what, id, state: 'running', done: 0, total: 0, perSecond: 0, secondsLeft: 0, message: '' },
    };
    this.#entries.push(entry);
    this.#change(entry, {});
    work((progress) => this.#progress(entry, progress), entry.controller.signal).then(
      (message) => this.#change(entry, { state: 'succeeded', message }),
      (error: unknown) => this.#failed(entry, error),
    );
    return id;
  }

  /** Stops one that runs; forgets one that has ended. Nothing happens to one that is unknown. */
  end(id: string): void {
    const entry = this.#entries.find(({ activity }) => activity.id === id);
    if (entry?.activity.state === 'running') {
      entry.controller.abort();
      return;
    }
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#version += 1;
  }

  /** Stops all of them. */
  close(): void {
    for (const { controller } of this.#entries) controller.abort();
  }

  /** Yields the list for the project that is open, at once and whenever it has changed. */
  async *changes(openDir: () => Promise<string | undefined>, signal?: AbortSignal): AsyncGenerator<Activity[]> {
    for (let known = ''; !signal?.aborted; ) {
      const dir = await openDir().catch(() => undefined);
      const state = `${this.#version} ${dir}`;
      if (state !== known) {
        known = state;
        yield dir === undefined ? [] : this.list(dir);
      }
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #progress(entry: Entry, { done, total }: { done: number; total: number }): void {
    const perSecond = done / Math.max(1e-3, (performance.now() - entry.startedAt) / 1000);
    this.#change(entry, { done, total, perSecond, secondsLeft: perSecond > 0 ? (total - done) / perSecond : 0 });
  }

  #failed(entry: Entry, error: unknown): void {
    if (entry.controller.signal.aborted) {
      this.#change(entry, { state: 'cancelled', message: 'Stopped.' });
      return;
    }
    if (!isStrataError(error)) console.error(error);
    this.#change(entry, { state: 'failed', message: error instanceof Error ? error.message : String(error) });
  }

  #change(entry: Entry, change: Partial<Activity>): void {
    entry.activity = { ...entry.activity, ...change };
    this.#version += 1;
  }
}

import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineService } from '../../jobs/engine-service.ts';
import { jobQueue } from '../../jobs/job-queue.ts';
import { createProject, openProject } from '../../store/project.ts';
import type { Project } from '../../store/project-folder.ts';
import { ownJobs, type StartedJob } from './own-jobs.ts';
import { plainShell, type Shell } from './shell.ts';

const pollMs = 300;

/** The project that all windows of this process look at. */
export class Workbench {
  /** Strata's version. */
  readonly version: string;
  /** What shows the windows. */
  readonly shell: Shell;
  #dir: string | undefined;
  #project: Promise<Project> | undefined;
  #engine: EngineService | undefined;
  /** Projects that were open before, as long as jobs of theirs go on. */
  readonly #leaving = new Set<Project>();
  /** Counts the projects opened, so that watchers see a change of project too. */
  #opened = 0;

  /** `dir`: the project to begin with; it is opened when a window first asks for it. */
  constructor(version: string, dir?: string, shell: Shell = plainShell) {
    this.version = version;
    this.shell = shell;
    this.#dir = dir;
  }

  /** The open project; undefined while there is none. A folder that did not open is tried again next time. */
  async project(): Promise<Project | undefined> {
    if (this.#dir === undefined) return undefined;
    const opening = this.#project ?? this.#begin(this.#dir);
    this.#project = opening;
    return opening.catch((error: unknown) => {
      if (this.#project === opening) this.#project = undefined;
      throw error;
    });
  }

  /** Opens another project; the present one stays open if that fails, or if it is the one. */
  async open(dir: string): Promise<Project> {
    const present = await this.project().catch(() => undefined);
    if (present?.dir === resolve(dir)) return present;
    return this.#become(await openProject(dir));
  }

  async create(dir: string): Promise<Project> {
    return this.#become(await createProject(dir));
  }

  /** What answers questions about the open project. */
  engine(project: Project): EngineService {
    this.#engine ??= new EngineService(project.dir);
    return this.#engine;
  }

  /** Jobs that this process has queued or started and that have not ended, of this project and those open before. */
  async jobs(): Promise<StartedJob[]> {
    const project = await this.project().catch(() => undefined);
    const projects = [...this.#leaving, ...(project ? [project] : [])];
    return (await Promise.all(projects.map(ownJobs))).flat();
  }

  async #begin(dir: string): Promise<Project> {
    const project = await openProject(dir);
    void this.shell.recent.add(project.dir);
    return project;
  }

  async #become(project: Project): Promise<Project> {
    const before = await this.#project?.catch(() => undefined);
    this.#dir = project.dir;
    this.#project = Promise.resolve(project);
    this.#opened += 1;
    this.#engine?.close();
    this.#engine = undefined;
    void this.shell.recent.add(project.dir);
    if (before) void this.#leave(before);
    return project;
  }

  /** A project stays open behind the window until its jobs have ended, which they do in its database. */
  async #leave(project: Project): Promise<void> {
    this.#leaving.add(project);
    await jobQueue(project).idle();
    this.#leaving.delete(project);
    await project.close();
  }

  /** Yields 0 at once, then a growing number whenever this or another process has changed the project, or opened another. */
  async *changes(signal?: AbortSignal): AsyncGenerator<number> {
    let known = '';
    for (let count = 0; !signal?.aborted; ) {
      const state = await this.#state();
      if (state !== known) {
        known = state;
        yield count++;
      }
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Differs whenever something was written: data_version counts other connections' commits, total_changes our own. */
  async #state(): Promise<string> {
    const project = await this.project().catch(() => undefined);
    if (!project?.sqlite.open) return `${this.#opened}`;
    const others = project.sqlite.pragma('data_version', { simple: true });
    const own = project.sqlite.prepare('select total_changes()').pluck().get();
    return `${this.#opened}/${others}/${own}`;
  }

  async close(): Promise<void> {
    this.#engine?.close();
    await Promise.all([...this.#leaving].map((project) => project.close()));
    await (await this.#project?.catch(() => undefined))?.close();
  }
}

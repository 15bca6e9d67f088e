import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { type Project, runDir } from '../store/project-folder.ts';

/** The log file of a run, shared by its jobs one after another. */
export function runLogPath(project: Pick<Project, 'dir'>, runId: string): string {
  return join(runDir(project, runId), 'log');
}

/** A logger that appends JSON lines to the run's log, each written at once so that a crash loses none. */
export function openRunLog(project: Pick<Project, 'dir'>, runId: string): Logger {
  mkdirSync(runDir(project, runId), { recursive: true });
  return pino(
    { timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: runLogPath(project, runId), sync: true }),
  );
}

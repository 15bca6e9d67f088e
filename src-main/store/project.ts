import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StrataError } from '../contract/errors.ts';
import { closeDatabase, createDatabase, openDatabase } from './database.ts';
import { interruptStaleJobs } from './jobs.ts';
import { migrations as allMigrations, type Migrations } from './migrations/index.ts';
import type { Project } from './project-folder.ts';

const databaseName = 'project.sqlite';

/**
 * Makes a project in a new or empty folder and opens it. ALREADY_EXISTS when the folder holds a project or anything
 * else.
 */
export async function createProject(dir: string, migrations: Migrations = allMigrations): Promise<Project> {
  const path = resolve(dir);
  await mkdir(path, { recursive: true });
  const draft = `${databaseName}.new`;
  const found = (await readdir(path)).filter((name) => !name.startsWith(draft));
  if (found.includes(databaseName)) throw new StrataError('ALREADY_EXISTS', `${path} is a Strata project already`);
  if (found.length > 0) {
    throw new StrataError('ALREADY_EXISTS', `${path} is not empty (it has ${found[0]}); give a new or an empty folder`);
  }
  await rm(join(path, draft), { force: true });
  await createDatabase(join(path, draft), migrations);
  await rename(join(path, draft), join(path, databaseName));
  return openProject(path, migrations);
}

/**
 * Opens the project in `dir`, migrates it if an earlier version made it, and marks jobs whose process is gone as
 * interrupted. PROJECT_INVALID when the folder holds no project, PROJECT_TOO_NEW when a later version made it.
 */
export async function openProject(dir: string, migrations: Migrations = allMigrations): Promise<Project> {
  const path = resolve(dir);
  if (!existsSync(join(path, databaseName))) {
    throw new StrataError(
      'PROJECT_INVALID',
      `${path} is not a Strata project (it has no ${databaseName}); make one with: strata new ${dir}`,
    );
  }
  const opened = await openDatabase(join(path, databaseName), migrations);
  const project: Project = { ...opened, dir: path, close: () => closeDatabase(opened) };
  await interruptStaleJobs(project);
  return project;
}

/** True when the folder holds a project, of whatever version. */
export function isProject(dir: string): boolean {
  return existsSync(join(dir, databaseName));
}

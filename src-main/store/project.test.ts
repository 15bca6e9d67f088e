import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Migrations, migrations } from './migrations/index.ts';
import { listModels } from './models.ts';
import { createProject, isProject, openProject } from './project.ts';
import { runInProject, temporaryDir } from './test-project.ts';

const later: Migrations = {
  ...migrations,
  '9999-later': { up: async (db) => void (await sql`alter table models add column note text`.execute(db)) },
};

async function closedProject(): Promise<string> {
  const dir = join(await temporaryDir(onTestFinished), 'project');
  const project = await createProject(dir);
  await runInProject(project);
  await project.close();
  return dir;
}

describe('createProject', () => {
  it('makes a project in a new or an empty folder, and leaves nothing else in it', async () => {
    const dir = await closedProject();
    expect(isProject(dir)).toBe(true);
    expect(await readdir(dir)).toEqual(['project.sqlite']);
  });

  it('refuses a project and any other folder with something in it', async () => {
    await expect(createProject(await closedProject())).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    const dir = await temporaryDir(onTestFinished);
    await writeFile(join(dir, 'thesis.tex'), '');
    await expect(createProject(dir)).rejects.toThrow('is not empty (it has thesis.tex)');
  });

  it('starts over where an earlier attempt was killed', async () => {
    const dir = await temporaryDir(onTestFinished);
    await writeFile(join(dir, 'project.sqlite.new'), 'half');
    await (await createProject(dir)).close();
    expect(await readdir(dir)).toEqual(['project.sqlite']);
  });
});

describe('openProject', () => {
  it('finds again what was stored, also after the folder was moved', async () => {
    const dir = await closedProject();
    await rename(dir, `${dir}-moved`);
    const project = await openProject(`${dir}-moved`);
    expect(await listModels(project)).toMatchObject([{ name: 'mini-clip', info: { layers: 2 } }]);
    await project.close();
  });

  it.each([
    ['a folder without a database', async () => undefined],
    ['a file that is no database', (path: string) => writeFile(path, 'x'.repeat(5000))],
    [
      'a database of something else',
      async (path: string) => void new Database(path).exec('create table t (a)').close(),
    ],
  ])('refuses %s', async (_, make) => {
    const dir = await temporaryDir(onTestFinished);
    await mkdir(dir, { recursive: true });
    await make(join(dir, 'project.sqlite'));
    await expect(openProject(dir)).rejects.toMatchObject({ code: 'PROJECT_INVALID' });
  });

  it('brings an older project up to date and keeps a copy of how it was', async () => {
    const dir = await closedProject();
    const project = await openProject(dir, later);
    expect(project.sqlite.prepare('select name, note from models').all()).toEqual([{ name: 'mini-clip', note: null }]);
    await project.close();

    const backup = new Database(join(dir, 'project.sqlite.before-9999-later'), { readonly: true });
    expect(backup.prepare('select * from models').get()).not.toHaveProperty('note');
    backup.close();
  });

  it('leaves the project as it was when a migration fails halfway', async () => {
    const dir = await closedProject();
    const broken: Migrations = {
      ...migrations,
      '9999-broken': {
        async up(db) {
          await sql`drop table results`.execute(db);
          await sql`alter table nothing add column note text`.execute(db);
        },
      },
    };
    await expect(openProject(dir, broken)).rejects.toThrow(
      /could not be brought up to date: .*nothing.*; it is unchanged/,
    );
    const project = await openProject(dir);
    expect(project.sqlite.prepare('select count(*) as n from results').get()).toEqual({ n: 0 });
    await project.close();
  });

  it('refuses a project that a later version has changed, and does not touch it', async () => {
    const dir = await closedProject();
    await (await openProject(dir, later)).close();
    await expect(openProject(dir)).rejects.toMatchObject({
      code: 'PROJECT_TOO_NEW',
      message: expect.stringContaining('9999-later'),
    });
    expect(existsSync(join(dir, 'project.sqlite-wal'))).toBe(false);
  });
});

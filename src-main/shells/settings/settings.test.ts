import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configFolder } from './config-folder.ts';
import { RecentProjects } from './recent-projects.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'strata-settings-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function projectFolder(name: string): Promise<string> {
  const folder = path.join(dir, name);
  await mkdir(folder);
  await writeFile(path.join(folder, 'project.sqlite'), '');
  return folder;
}

test('settings are kept where each system keeps them', () => {
  expect(configFolder({}, 'linux', '/home/a')).toBe('/home/a/.config/strata');
  expect(configFolder({ XDG_CONFIG_HOME: '/cfg' }, 'linux', '/home/a')).toBe('/cfg/strata');
  expect(configFolder({ XDG_CONFIG_HOME: 'cfg' }, 'linux', '/home/a')).toBe('/home/a/.config/strata');
  expect(configFolder({}, 'darwin', '/Users/a')).toBe('/Users/a/Library/Application Support/strata');
  expect(configFolder({ STRATA_CONFIG_DIR: '/elsewhere' }, 'win32', 'a')).toBe('/elsewhere');
});

test('the project opened last comes first, once', async () => {
  const recent = new RecentProjects(path.join(dir, 'new/config'));
  expect(await recent.list()).toEqual([]);
  const [first, second] = [await projectFolder('first'), await projectFolder('second')];
  for (const opened of [first, second, first]) void recent.add(opened);
  expect(await recent.list()).toMatchObject([
    { dir: first, name: 'first' },
    { dir: second, name: 'second' },
  ]);
  const again = new RecentProjects(path.join(dir, 'new/config'));
  expect(await again.list()).toHaveLength(2);
});

test('a folder that is gone is not shown, and the list stays short', async () => {
  const recent = new RecentProjects(dir);
  for (let number = 0; number < 20; number++) void recent.add(await projectFolder(`project-${number}`));
  await rm(path.join(dir, 'project-18'), { recursive: true });
  const names = (await recent.list()).map(({ name }) => name);
  expect(names).toHaveLength(11);
  expect(names.slice(0, 2)).toEqual(['project-19', 'project-17']);
});

test.each(['', '{', '[1]', '{"dir":"x"}', '[{"dir":"","openedAt":"2026-01-01T00:00:00Z"}]', 'null'])(
  'a damaged file (%s) counts as none, and is mended',
  async (text) => {
    const file = path.join(dir, 'recent-projects.json');
    await writeFile(file, text);
    const recent = new RecentProjects(dir);
    expect(await recent.list()).toEqual([]);
    await recent.add(await projectFolder('a'));
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveLength(1);
  },
);

test('where nothing can be written, nothing is remembered', async () => {
  await writeFile(path.join(dir, 'file'), '');
  const recent = new RecentProjects(path.join(dir, 'file/config'));
  await recent.add(dir);
  expect(await recent.list()).toEqual([]);
});

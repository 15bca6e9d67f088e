import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { droppedProject } from './dropped-project.ts';

test('a dropped folder is opened when it is a project, and so is the file in it', async () => {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'strata-dropped-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const project = path.join(dir, 'my project');
  await mkdir(path.join(project, 'runs'), { recursive: true });
  await writeFile(path.join(project, 'project.sqlite'), '');
  const dropped = (...parts: string[]) => droppedProject(pathToFileURL(path.join(...parts)).href);
  expect(dropped(project)).toBe(project);
  expect(dropped(project, 'project.sqlite')).toBe(project);
  expect(dropped(dir)).toBeUndefined();
  expect(dropped(project, 'runs', 'deep')).toBeUndefined();
});

test.each(['https://example.org/', 'app://strata/index.html', 'file://other-machine/a', 'file:///a%2Fb', '', 'a'])(
  '%s is no dropped project',
  (address) => {
    expect(droppedProject(address)).toBeUndefined();
  },
);

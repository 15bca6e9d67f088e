import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hasDesktop, isStale, openerOf } from './start.mjs';

/** An installation whose files were written at second 1, and its outputs at second 2. */
async function installation(): Promise<{ dir: string; touch: (file: string, second: number) => Promise<void> }> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'strata-start-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const touch = async (file: string, second: number) => {
    await mkdir(path.join(dir, path.dirname(file)), { recursive: true });
    await writeFile(path.join(dir, file), '');
    await utimes(path.join(dir, file), second, second);
  };
  const sources = ['src-main/a/b.ts', 'src-renderer/c.tsx', 'electron.vite.config.ts', 'package-lock.json'];
  for (const file of sources) await touch(file, 1);
  for (const file of ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html']) await touch(file, 2);
  return { dir, touch };
}

test('what was built after the last change is not built again', async () => {
  const { dir, touch } = await installation();
  expect(isStale(dir)).toBe(false);
  await touch('src-renderer/features/new/Page.tsx', 3);
  expect(isStale(dir)).toBe(true);
});

test('without one of its outputs it is built', async () => {
  const { dir } = await installation();
  await rm(path.join(dir, 'out/preload/index.cjs'));
  expect(isStale(dir)).toBe(true);
});

test('each system opens an address its own way, as one argument', () => {
  const address = 'http://127.0.0.1:1/?token=a&b';
  expect(openerOf('linux', address)).toEqual({ command: 'xdg-open', args: [address] });
  expect(openerOf('darwin', address)).toEqual({ command: 'open', args: [address] });
  expect(openerOf('win32', address).args.at(-1)).toBe(address);
});

test('a Linux without a display shows no windows', () => {
  expect(hasDesktop('linux', {})).toBe(false);
  expect(hasDesktop('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasDesktop('darwin', {})).toBe(true);
});

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atLeast, typeStrippingFlags } from './bootstrap.mjs';

let project: string;

/** A project of one task, installed as its lock says, so that bootstrap only has to run it. */
beforeAll(async () => {
  project = await mkdtemp(path.join(os.tmpdir(), 'strata-bootstrap-'));
  const lock = '{}';
  await mkdir(path.join(project, 'node_modules'));
  await mkdir(path.join(project, 'src-main/shells/cli'), { recursive: true });
  await cp(path.join(import.meta.dirname, 'bootstrap.mjs'), path.join(project, 'scripts/bootstrap.mjs'));
  await writeFile(path.join(project, 'package-lock.json'), lock);
  const stamp = createHash('sha256').update(lock).digest('hex');
  await writeFile(path.join(project, 'node_modules/.strata-lock-sha256'), stamp);
  await writeFile(
    path.join(project, 'src-main/shells/cli/main.ts'),
    `const [action, value]: string[] = process.argv.slice(2);
    if (action === 'exit') process.exit(Number(value));
    process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(42); });
    console.log('ready');
    setInterval(() => {}, 1000);`,
  );
});

afterAll(() => rm(project, { recursive: true }));

function start(...args: string[]) {
  const child = spawn(process.execPath, [path.join(project, 'scripts/bootstrap.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  child.stderr.on('data', (chunk) => (output.stderr += chunk));
  return { child, output };
}

test('versions compare as numbers', () => {
  expect(atLeast('22.12.0', '22.12')).toBe(true);
  expect(atLeast('22.9.0', '22.12')).toBe(false);
  expect(atLeast('100.0.0', '22.12')).toBe(true);
  expect(typeStrippingFlags('24.21.0')).toEqual([]);
  expect(typeStrippingFlags('22.12.0')).toContain('--experimental-strip-types');
});

test("a task's exit code is the bootstrap's, with nothing added to its output", async () => {
  const { child, output } = start('strata', 'exit', '3');
  const [code] = await once(child, 'close');
  expect(code).toBe(3);
  expect(output).toEqual({ stdout: '', stderr: '' });
});

test('SIGTERM reaches the task, which ends in its own way', async () => {
  const { child, output } = start('strata', 'wait');
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [code] = await once(child, 'close');
  expect(code).toBe(42);
  expect(output.stdout).toContain('asked to stop');
});

test('an unknown task is refused with the list of tasks', async () => {
  const { child, output } = start('constructor');
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(output.stderr).toContain('strata, demo, bench, test');
});

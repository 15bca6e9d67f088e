// npm test: every check in order, each to its end, so that one run shows all that is wrong.
// `npm test -- vitest e2e` runs the named steps only.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const bin = path.join(root, 'node_modules', '.bin');

const steps = {
  biome: ['biome', 'check', '--error-on-warnings'],
  types: ['tsc', '--project', 'tsconfig.json'],
  'types-renderer': ['tsc', '--project', 'src-renderer/tsconfig.json'],
  'types-e2e': ['tsc', '--project', 'e2e/tsconfig.json'],
  layers: ['depcruise', 'src-main', 'src-renderer', '--config', '.dependency-cruiser.cjs'],
  knip: ['knip'],
  vitest: ['vitest', 'run'],
  build: ['electron-vite', 'build'],
  e2e: ['playwright', 'test'],
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !Object.hasOwn(steps, name));
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. Steps: ${Object.keys(steps).join(', ')}.`);
  process.exit(2);
}

const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
const results = [];
for (const [name, [command, ...args]] of Object.entries(steps)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`\n--- ${name}: ${command} ${args.join(' ')}`);
  const start = performance.now();
  const { status, signal } = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  // Ctrl-C ends the step by a signal: nobody wants the next one then.
  if (signal) process.exit(1);
  results.push({ name, ok: status === 0, seconds: (performance.now() - start) / 1000 });
}

console.log();
for (const { name, ok, seconds } of results) {
  console.log(`${name.padEnd(16)}${seconds.toFixed(1).padStart(7)} s  ${ok ? 'ok' : 'FAILED'}`);
}
const failed = results.filter((result) => !result.ok).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

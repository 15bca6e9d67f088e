// npm start: builds what has changed, then opens the window, or a browser where there can be none.
//   npm start -- [--project DIR] [--browser] [--port N]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.dirname(import.meta.dirname);
const modules = path.join(root, 'node_modules');
const electron = path.join(modules, 'electron');

const sources = ['src-main', 'src-renderer', 'electron.vite.config.ts', 'package-lock.json'];
const built = ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html'];

/** When a file, or the newest file below a folder, was last changed; in milliseconds. @param {string} place */
function lastChanged(place) {
  const stats = statSync(place);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(place).reduce((newest, name) => Math.max(newest, lastChanged(path.join(place, name))), 0);
}

/** Whether a source of `folder` is newer than what was built of them. @param {string} folder */
export function isStale(folder) {
  const outputs = built.map((file) => path.join(folder, file));
  if (!outputs.every(existsSync)) return true;
  const oldest = Math.min(...outputs.map((file) => statSync(file).mtimeMs));
  return sources.some((place) => lastChanged(path.join(folder, place)) > oldest);
}

/** What a desktop opens an address with. @param {NodeJS.Platform} platform @param {string} address */
export function openerOf(platform, address) {
  if (platform === 'darwin') return { command: 'open', args: [address] };
  // `start` would take an address in quotes for a title, and & for the end of the command.
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler', address] };
  return { command: 'xdg-open', args: [address] };
}

/** A place where windows can be shown. @param {NodeJS.Platform} platform @param {Record<string, string | undefined>} env */
export function hasDesktop(platform, env) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** @param {string} message */
function say(message) {
  console.error(`strata: ${message}`);
}

function build() {
  say('building the workbench, which takes a few seconds after a change');
  const entry = path.join(modules, 'electron-vite', 'bin', 'electron-vite.js');
  const { status } = spawnSync(process.execPath, [entry, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    say('the build failed; mend what it says above');
    process.exit(1);
  }
}

/** Electron's binary; fetched once where it is missing and can be had. @returns {Promise<string | undefined>} */
async function electronBinary() {
  const mark = path.join(electron, 'path.txt');
  if (!existsSync(mark)) {
    say("fetching Electron's binary, once (--browser does without)");
    spawnSync(process.execPath, [path.join(electron, 'install.js')], { stdio: 'ignore', timeout: 300_000 });
  }
  if (!existsSync(mark)) return undefined;
  const { default: binary } = await import(pathToFileURL(path.join(electron, 'index.js')).href);
  return binary;
}

/** @param {string} command @param {string[]} args */
function runToEnd(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => process.stdin.isTTY || child.kill(signal));
  }
  child.on('error', (error) => {
    say(`${command} did not start: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}

/** Serves, and opens the browser on what it printed. @param {string[]} args @param {boolean} desktop */
function serve(args, desktop) {
  const commandLine = path.join(root, 'src-main/shells/cli/main.ts');
  const child = spawn(process.execPath, [...process.execArgv, commandLine, 'serve', ...args], {
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    const [address] = /http:\/\/\S+/.exec(text) ?? [];
    if (!address || !desktop) return;
    const { command, args: openerArgs } = openerOf(process.platform, address);
    const opener = spawn(command, openerArgs, { stdio: 'ignore', detached: true });
    opener.on('error', () => say(`open the address above in a browser (${command} is not there to do it)`));
    opener.unref();
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    // A terminal sends Ctrl-C to the child itself.
    process.on(signal, () => process.stdin.isTTY || child.kill(signal));
  }
  child.on('exit', (code) => process.exit(code ?? 1));
}

async function start() {
  const options = /** @type {const} */ ({
    project: { type: 'string' },
    port: { type: 'string' },
    browser: { type: 'boolean', default: false },
  });
  const { values } = parseArgs({ options });
  const project = values.project ? ['--project', path.resolve(values.project)] : [];
  if (isStale(root)) build();

  const desktop = hasDesktop(process.platform, process.env);
  const wanted = desktop && !values.browser;
  const binary = wanted ? await electronBinary() : undefined;
  if (binary) {
    say('opening the window');
    runToEnd(binary, [root, ...project]);
    return;
  }
  if (!desktop) say('there is no desktop here: serving the workbench to a browser on this machine');
  else if (values.browser) say('serving the workbench and opening it in the browser');
  else say("Electron's binary cannot be had: serving the workbench and opening it in the browser");
  serve([...project, ...(values.port ? ['--port', values.port] : [])], desktop);
}

if (process.argv[1] === import.meta.filename) await start();

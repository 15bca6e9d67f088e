import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Guard } from './guard.ts';

const guard = new Guard();
const host = '127.0.0.1:4321';

const judge = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  guard.judge({ method, url, headers: new Headers({ host, ...headers }) });

const entered = judge(`/?token=${guard.token}`);
const cookie = 'cookie' in entered ? entered.cookie.split(';')[0] : '';

test('tokens are long, random and fit for an address', () => {
  expect(guard.token).toMatch(/^[\w-]{43}$/);
  expect(new Guard().token).not.toBe(guard.token);
});

test('the right token is exchanged for a cookie that scripts and other sites do not get', () => {
  expect(entered).toMatchObject({ enter: '/' });
  expect('cookie' in entered && entered.cookie.split('; ').slice(1)).toEqual(['HttpOnly', 'SameSite=Strict', 'Path=/']);
  expect(judge('/assets/a.js', { cookie })).toEqual({ admit: true });
  expect(judge('/rpc', { cookie: `other=1; ${cookie}; more=2`, origin: `http://${host}` })).toEqual({ admit: true });
});

test.each([
  ['no token', '/', {}],
  ['a wrong token', '/?token=x', {}],
  ['an empty token', '/?token=', {}],
  ['a token elsewhere', `/rpc?token=${guard.token}`, {}],
  ['a wrong cookie', '/', { cookie: cookie.replace(/.$/, '') }],
  ['an empty cookie', '/', { cookie: `${cookie.split('=')[0]}=` }],
  ["another workbench's cookie", '/', { cookie: new Guard().token }],
])('401: %s', (_, url, headers) => {
  expect(judge(url, headers)).toMatchObject({ refuse: 401 });
});

test('a token must come by GET', () => {
  expect(judge(`/?token=${guard.token}`, {}, 'POST')).toMatchObject({ refuse: 401 });
});

test.each([
  'evil.example',
  'evil.example:4321',
  '127.0.0.1.evil.example',
  'localhost.evil.example:4321',
  '192.168.0.1',
  '',
])('403: the host %s, even with the cookie', (name) => {
  expect(judge('/', { cookie, host: name })).toMatchObject({ refuse: 403 });
  expect(judge(`/?token=${guard.token}`, { host: name })).toMatchObject({ refuse: 403 });
});

test.each(['http://evil.example', 'null', 'https://127.0.0.1:4321', 'http://127.0.0.1:9999', 'http://localhost:4321'])(
  '403: a page of %s, even with the cookie',
  (origin) => {
    expect(judge('/rpc', { cookie, origin })).toMatchObject({ refuse: 403 });
  },
);

test('403: a picture or script that another site, or another port of this host, puts into its page', () => {
  for (const site of ['cross-site', 'same-site']) {
    expect(judge('/image/a/0', { cookie, 'sec-fetch-site': site })).toMatchObject({ refuse: 403 });
  }
  expect(judge('/', { cookie, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' })).toEqual({ admit: true });
});

test('a forwarded port and other names of this machine will do', () => {
  for (const name of ['localhost:8080', '[::1]:8080', '127.0.0.1']) {
    expect(judge('/rpc', { cookie, host: name, origin: `http://${name}` })).toEqual({ admit: true });
  }
});

test('nothing but the token opens, and nothing makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.webPath(), fc.string()), fc.string(), fc.string(), (url, value, key) => {
      const verdict = guard.judge({
        method: 'GET',
        url: `${url}?token=${encodeURIComponent(value)}`,
        headers: { get: (name) => (name === 'host' ? host : name === 'cookie' ? `${key}=${value}` : null) },
      });
      expect(verdict).toHaveProperty('refuse');
    }),
  );
});

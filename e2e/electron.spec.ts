import { expect, test } from './fixtures/workbench.ts';

// What only the real Electron can show; see README.md.
test('the page is isolated from the preload and from Node', async ({ open }) => {
  const page = await open();
  expect(page.url()).toBe('app://strata/index.html');
  expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in window))).toEqual([]);
  const extended = await page.evaluate(() => Reflect.set(window.strata ?? {}, 'send', null));
  expect(extended).toBe(false);
});

test('permissions are denied', async ({ open }) => {
  const page = await open();
  const state = await page.evaluate(() => navigator.permissions.query({ name: 'geolocation' }).then((it) => it.state));
  expect(state).toBe('denied');
});

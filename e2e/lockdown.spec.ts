import { expect, test } from './fixtures/workbench.ts';

// What the first test tries is refused, and the page says so.
test.use({ tolerated: [/Content Security Policy|example\.org/] });

test('a page gets two functions and no way out', async ({ open }) => {
  const page = await open();
  // The page adds its own place to its address.
  await page.waitForURL(/#/);
  const address = page.url();
  expect(await page.evaluate(() => Object.keys(window.strata ?? {}))).toEqual(['send', 'onMessage']);

  // Scripts that did not come with the bundle do not run, whoever puts them there.
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.body.append(script);
    return 'injected' in window;
  });
  expect(ran).toBe(false);
  expect(await page.evaluate(() => fetch('https://example.org').then(String, () => 'refused'))).toBe('refused');

  await page.evaluate(() => void window.open('https://example.org'));
  await page.evaluate(() => void location.assign('https://example.org'));
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
  expect(page.url()).toBe(address);
  expect(page.context().pages()).toHaveLength(1);
});

test('messages that are no calls of the contract are dropped', async ({ open }) => {
  const page = await open();
  const answers = await page.evaluate(async () => {
    const seen: string[] = [];
    const { strata } = window;
    if (!strata) throw new Error('the page has no bridge');
    strata.onMessage((message) => seen.push(message));
    for (const message of ['', '{', '[]', '{"i":"x","p":{"u":"/__proto__/constructor"}}']) strata.send(message);
    strata.send('{"i":"y","p":{"u":"/constructor"}}');
    strata.send('{"i":"z","p":{"u":"/system/info"}}');
    while (!seen.some((message) => message.includes('"z"'))) await new Promise((resolve) => setTimeout(resolve, 20));
    return seen.map((message) => JSON.parse(message));
  });
  expect(answers.find(({ i }) => i === 'z').p.b.json).toMatchObject({ platform: process.platform });
  expect(answers.filter(({ i }) => i === 'x')).toEqual([]);
  expect(answers.find(({ i }) => i === 'y').p.s).toBe(404);
});

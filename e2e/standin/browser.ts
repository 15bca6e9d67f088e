import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium } from 'playwright';
import { chromiumOptions } from './chromium.ts';

type Handler = (request: Request) => Response | Promise<Response>;

/** What protocol.handle was given, by scheme. */
export const schemeHandlers = new Map<string, Handler>();

const ready = Promise.withResolvers<BrowserContext>();

/** The browser behind all windows, once it runs. */
export const browserContext: Promise<BrowserContext> = ready.promise;

// Chromium asks nobody about schemes it does not know, so app://strata/ travels as https://strata.app.standin/.
const domain = '.standin';

export function toWeb(address: string): string {
  return address.replace(/^(\w+):\/\/([^/]+)/, (_, scheme, host) => `https://${host}.${scheme}${domain}`);
}

export function fromWeb(address: string): string {
  return address.replace(/^https:\/\/([^/]+)\.(\w+)\.standin/, (_, host, scheme) => `${scheme}://${host}`);
}

/** Starts Chromium, tells on stdout where a test can reach it, and lets the workbench go on. */
export async function becomeReady(): Promise<void> {
  const profile = await mkdtemp(path.join(os.tmpdir(), 'strata-standin-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumOptions.executablePath,
    args: [...chromiumOptions.args, '--remote-debugging-port=0'],
    colorScheme: null,
    handleSIGTERM: false,
  });
  await context.route('**/*', async (route) => {
    const request = route.request();
    const address = fromWeb(request.url());
    const handler = schemeHandlers.get(new URL(address).protocol.slice(0, -1));
    if (!handler) return route.abort();
    const response = await handler(new Request(address, { method: request.method() }));
    const body = Buffer.from(await response.arrayBuffer());
    await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
  });
  // Also when the last page was closed by hand.
  context.on('close', async () => {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    process.exit(0);
  });
  process.on('SIGTERM', () => context.close());
  const [port] = (await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8')).split('\n');
  console.log(`standin: http://127.0.0.1:${port}`);
  ready.resolve(context);
}

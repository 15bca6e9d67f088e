import { existsSync } from 'node:fs';

const systemChromium = '/usr/bin/chromium';

/** How Chromium is started: Debian's where it is installed, else the one `npx playwright install chromium` fetched. */
export const chromiumOptions = {
  executablePath: existsSync(systemChromium) ? systemChromium : undefined,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

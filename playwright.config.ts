import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from '@playwright/test';
import type { Shell } from './e2e/fixtures/workbench.ts';

// Asking the package itself for its binary would make it try to download one.
const hasElectron = existsSync(path.join(import.meta.dirname, 'node_modules/electron/path.txt'));
const isWorker = process.env.TEST_WORKER_INDEX !== undefined;
if (!hasElectron && !isWorker) {
  console.log("Electron's binary is not installed (npx install-electron fetches it): its own specs do not run,");
  console.log('and the journeys run under the stand-in alone.');
}

export default defineConfig<{ shell: Shell }>({
  testDir: 'e2e',
  outputDir: 'test-results',
  // A workbench with its browser a test: two at a time is what a small machine bears.
  workers: 2,
  timeout: 60_000,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  projects: [
    { name: 'standin', testIgnore: '**/electron.spec.ts', use: { shell: 'standin' } },
    ...(hasElectron
      ? [{ name: 'electron', testIgnore: '**/standin.spec.ts', use: { shell: 'electron' as const } }]
      : []),
  ],
});

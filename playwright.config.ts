import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { electronBinaryMark } from './e2e/fixtures/paths.ts';
import type { Shell } from './e2e/fixtures/workbench.ts';

/** Journeys run in every shell; these files are about one of them. */
const only = {
  electron: '**/electron.spec.ts',
  windows: '**/lockdown.spec.ts',
  standin: '**/standin.spec.ts',
  serve: '**/serve.spec.ts',
};

const electronProject = {
  name: 'electron',
  testIgnore: [only.standin, only.serve],
  use: { shell: 'electron' as const },
};

export default defineConfig<{ shell: Shell }>({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/fixtures/global-setup.ts',
  // A workbench with its browser for each test: two at a time is what a small machine bears.
  workers: 2,
  timeout: 60_000,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  projects: [
    { name: 'standin', testIgnore: [only.electron, only.serve], use: { shell: 'standin' } },
    { name: 'serve', testIgnore: [only.electron, only.windows, only.standin], use: { shell: 'serve' } },
    ...(existsSync(electronBinaryMark) ? [electronProject] : []),
  ],
});

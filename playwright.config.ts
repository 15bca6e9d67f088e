import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { electronBinaryMark } from './e2e/fixtures/paths.ts';
import type { Shell } from './e2e/fixtures/workbench.ts';

const electronProject = {
  name: 'electron',
  testIgnore: '**/standin.spec.ts',
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
    { name: 'standin', testIgnore: '**/electron.spec.ts', use: { shell: 'standin' } },
    ...(existsSync(electronBinaryMark) ? [electronProject] : []),
  ],
});

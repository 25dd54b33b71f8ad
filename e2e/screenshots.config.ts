import { defineConfig } from '@playwright/test';
import { browser } from './support/browser.ts';

/** Pictures of every page, into screenshots/. */
export default defineConfig({
  testDir: 'pictures',
  outputDir: 'test-results',
  workers: 1,
  timeout: 900_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: { ...browser, trace: 'off' },
});

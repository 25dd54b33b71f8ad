import { defineConfig } from '@playwright/test';
import { browser } from './support/browser.ts';

/** The journeys: one at a time, because two cores serve the browser and the server alike. */
export default defineConfig({
  testDir: 'journeys',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: browser,
});

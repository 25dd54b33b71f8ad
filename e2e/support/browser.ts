import type { PlaywrightTestOptions, PlaywrightWorkerOptions } from '@playwright/test';

/** Debian's Chromium, quiet: it asks nobody for updates, and as root it cannot have its own sandbox. */
export const browser: Partial<PlaywrightTestOptions & PlaywrightWorkerOptions> & { trace: 'retain-on-failure' } = {
  launchOptions: {
    executablePath: process.env.FAROL_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
  locale: 'en-US',
  timezoneId: 'America/Sao_Paulo',
  viewport: { width: 1280, height: 900 },
  actionTimeout: 15_000,
  trace: 'retain-on-failure',
};

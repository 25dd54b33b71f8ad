import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, test as base, expect } from '@playwright/test';
import { Farol, type Session } from './farol.ts';

export { expect };
export { OWNER, Farol, type Person, type Session } from './farol.ts';

/** What a page complained about. A refusal by the API is no fault of the page. */
class Faults {
  readonly all: string[] = [];

  watch(context: BrowserContext, scripts: boolean): void {
    context.on('page', (page) => {
      page.on('pageerror', (error) => this.all.push(`${page.url()}: ${error.stack ?? error.message}`));
      page.on('console', (message) => {
        const refused = /the server responded with a status of 4\d\d/.test(message.text());
        // Without scripts nobody fetches what was loaded early for them.
        const unused = !scripts && message.text().includes('was preloaded using link preload but not used');
        if (['error', 'warning'].includes(message.type()) && !refused && !unused) {
          this.all.push(`${page.url()}: ${message.type()}: ${message.text()}`);
        }
      });
    });
  }
}

/** Opens browsers for people, and fails the test for whatever their pages complain about. */
export interface Desk {
  /** A browser of its own, logged in if a session is given. */
  open(session?: Session, options?: BrowserContextOptions): Promise<Page>;
}

interface Fixtures {
  desk: Desk;
}

export const test = base.extend<Fixtures>({
  desk: async ({ browser }, use) => {
    const faults = new Faults();
    const contexts: BrowserContext[] = [];
    await use({
      open: async (session, options) => {
        const context = await newContext(browser, session, options);
        contexts.push(context);
        faults.watch(context, options?.javaScriptEnabled ?? true);
        return context.newPage();
      },
    });
    await Promise.all(contexts.map((context) => context.close()));
    expect(faults.all, 'errors and warnings on the pages visited').toEqual([]);
  },
});

async function newContext(browser: Browser, session?: Session, options?: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  // The program listens to keys once it has taken the page over; nothing else on the page does.
  await context.addInitScript(() => {
    const listen = window.addEventListener;
    window.addEventListener = function (this: Window, ...given: Parameters<typeof listen>) {
      if (given[0] === 'keydown') (window as { hydrated?: boolean }).hydrated = true;
      return listen.apply(this ?? window, given);
    } as typeof listen;
  });
  if (session) {
    const [name, ...value] = session.cookie.split('=');
    // A cookie of this prefix has to be secure, and is to be set as if over https; loopback gets it over http too.
    const url = session.url.replace('http:', 'https:');
    await context.addCookies([{ name, value: value.join('='), url, secure: true, httpOnly: true, sameSite: 'Lax' }]);
  }
  return context;
}

/** Waits until the program has taken the page over. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => (window as { hydrated?: boolean }).hydrated === true);
}

/** Goes to an address and waits until the program has taken the page over. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await hydrated(page);
}

/** One server for the tests of a file, with its owner made. */
export interface Served {
  farol: Farol;
  owner: Session;
}

/** Starts a server before the first test of the file that calls it, and stops it after the last. */
export function serve(): Served {
  const served = {} as Served;
  test.beforeAll(async () => {
    served.farol = await Farol.start();
    served.owner = await served.farol.setUp();
  });
  test.afterAll(() => served.farol?.stop());
  return served;
}

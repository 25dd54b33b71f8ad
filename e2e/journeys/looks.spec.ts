import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { type Scene, declare, setStage } from '../support/stage.ts';
import { current } from '../support/room.ts';
import { type Session, expect, serve, test, visit } from '../support/test.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
declare global {
  interface Window {
    axe: typeof axe;
  }
}

const served = serve();
let scenes: Scene[] = [];
let sessions: Record<Scene['who'], Session | undefined>;

test.beforeAll(async () => {
  const stage = await setStage(served.farol, served.owner);
  scenes = stage.scenes;
  sessions = { owner: served.owner, approver: stage.approver, nobody: undefined };
});

/** What axe finds on this page, which has no frames, in a line each: of these rules, or of all that WCAG asks for. */
async function violations(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(
    async (runOnly) => {
      const { violations } = await window.axe.run(document, { runOnly, resultTypes: ['violations'] });
      return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.html.slice(0, 120)}`));
    },
    rules ? { type: 'rule' as const, values: rules } : { type: 'tag' as const, values: WCAG },
  );
}

/** What stands out of a page of this width. */
async function sideways(page: Page, width: number): Promise<string[]> {
  await page.setViewportSize({ width, height: 700 });
  return page.evaluate((width) => {
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > width + 1);
    const innermost = wide.filter((one) => !wide.some((other) => other !== one && one.contains(other)));
    return [`${document.documentElement.scrollWidth} px wide at ${width}`, ...innermost.slice(0, 5).map((one) => one.outerHTML.slice(0, 160))];
  }, width);
}

for (const locale of ['en', 'pt-BR']) {
  test(`every page in ${locale}: axe in both themes, and no sideways scroll`, async ({ desk }) => {
    test.setTimeout(300_000);
    for (const who of ['owner', 'approver', 'nobody'] as const) {
      const page = await desk.open(sessions[who], { locale, reducedMotion: 'reduce' });
      for (const scene of scenes.filter((scene) => scene.who === who)) {
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize({ width: 1280, height: 900 });
        await visit(page, served.farol.url + scene.path);
        if (scene.open) await page.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
        expect.soft(await violations(page), `${scene.name} in light`).toEqual([]);
        await page.emulateMedia({ colorScheme: 'dark' });
        // The themes differ in colours alone.
        expect.soft(await violations(page, ['color-contrast', 'link-in-text-block']), `${scene.name} in dark`).toEqual([]);
        for (const width of [360, 320]) expect.soft(await sideways(page, width), `${scene.name} at ${width} px`).toEqual([]);
        expect.soft(await violations(page, ['color-contrast', 'target-size', 'scrollable-region-focusable']), `${scene.name} on a phone`).toEqual([]);
      }
    }
  });
}

test('the room by keyboard: steps, notes, and a focus that is seen', async ({ desk }) => {
  const incident = await declare(served.owner, { title: 'No mouse tonight', runbook: 'shop-slow-query', target: 'demo' });
  const page = await desk.open(served.owner);
  await visit(page, `${served.farol.url}/incidents/${incident}`);
  const title = current(page).locator('#step');
  const first = await title.innerText();
  await page.keyboard.press('j');
  await expect(title).toHaveText('Step 2: Ask the database for its plan');
  await page.keyboard.press('j');
  await expect(title).toHaveText('List the indexes of the table');
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  await expect(title).toHaveText(first);

  await page.keyboard.press('n');
  const note = page.getByLabel('What did you see, do or think?');
  await expect(note, 'the key leads to the field').toBeFocused();
  await page.keyboard.type('jk are only letters here');
  await expect(note).toHaveValue('jk are only letters here');
  await expect(title, 'keys rest while somebody types').toHaveText(first);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('ol.tl > li').first()).toContainText('jk are only letters here');

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('whatever has the focus shows it', async ({ desk }) => {
  const page = await desk.open(served.owner);
  for (const scene of scenes.filter(({ name }) => ['room-review', 'declare', 'library', 'people'].includes(name))) {
    await visit(page, served.farol.url + scene.path);
    // From the top, whatever field the page gave the focus to.
    await page.evaluate(() => {
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute('tabindex');
    });
    const seen = new Set<string>();
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const one = document.activeElement;
        if (!one || one === document.body) return undefined;
        const style = getComputedStyle(one);
        const box = one.getBoundingClientRect();
        const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
        return { what: one.outerHTML.slice(0, 120), shown: ring && box.width > 0 && box.right > 0 && box.bottom > 0 };
      });
      if (!at) break;
      expect.soft(at.shown, `${scene.name}: ${at.what}`).toBe(true);
      seen.add(at.what);
    }
    expect(seen.size, `${scene.name} can be walked with the tabulator`).toBeGreaterThan(8);
  }
});

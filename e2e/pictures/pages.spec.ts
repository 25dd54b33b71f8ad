import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Scene, setStage } from '../support/stage.ts';
import { Farol, type Session, expect, serve, test, visit } from '../support/test.ts';

const folder = join(import.meta.dirname, '../screenshots');
// Part of a name, for a second look at a few pages: PICTURES=room npm run screenshots
const wanted = process.env.PICTURES ?? '';

const served = serve();
let scenes: Scene[] = [];
let sessions: Record<Scene['who'], Session | undefined>;

test.beforeAll(async () => {
  const stage = await setStage(served.farol, served.owner);
  scenes = stage.scenes.filter((scene) => scene.name.includes(wanted));
  sessions = { owner: served.owner, approver: stage.approver, nobody: undefined };
  await mkdir(folder, { recursive: true });
});

for (const locale of ['en', 'pt-BR']) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 360]) {
      test(`pictures at ${width} px, ${colorScheme}, ${locale}`, async ({ desk }) => {
        for (const who of ['owner', 'approver', 'nobody'] as const) {
          const mine = scenes.filter((scene) => scene.who === who);
          if (mine.length === 0) continue;
          const page = await desk.open(sessions[who], { locale, colorScheme, viewport: { width, height: 800 } });
          for (const scene of mine) {
            await visit(page, served.farol.url + scene.path);
            if (scene.open) {
              await page.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
            }
            await page.evaluate(() => document.fonts.ready);
            await page.screenshot({ path: join(folder, `${scene.name}-${width}-${colorScheme}-${locale}.png`), fullPage: true });
          }
        }
      });
    }
  }
}

test('the set-up page', async ({ desk }) => {
  if (!'setup'.includes(wanted)) return;
  const fresh = await Farol.start();
  try {
    for (const width of [1280, 360]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const locale of ['en', 'pt-BR']) {
          const page = await desk.open(undefined, { locale, colorScheme, viewport: { width, height: 800 } });
          await visit(page, `${fresh.url}/setup`);
          await expect(page.locator('h1')).toBeVisible();
          await page.screenshot({ path: join(folder, `setup-${width}-${colorScheme}-${locale}.png`), fullPage: true });
        }
      }
    }
  } finally {
    await fresh.stop();
  }
});

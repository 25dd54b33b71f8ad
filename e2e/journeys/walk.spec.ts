import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { paste } from '../support/editor.ts';
import { current } from '../support/room.ts';
import { expect, serve, test, visit } from '../support/test.ts';

const root = resolve(import.meta.dirname, '../..');
const seeds = resolve(root, process.env.FAROL_ACCEPTANCE ?? '../shared/acceptance', '../seeds');
const served = serve();

/** What brings a step to its end, in the order in which it is tried. */
async function settle(page: Page): Promise<void> {
  const step = current(page);
  const choose = step.getByRole('button', { name: 'Choose' }).first();
  if (await choose.isVisible()) return choose.click();
  const send = step.locator('button[data-key=d]');
  if (await send.isVisible()) {
    const observed = step.locator('input[name=observed]');
    if ((await observed.count()) > 0) await observed.first().fill('as expected');
    return send.click();
  }
  await page.keyboard.press('s');
  await page.keyboard.insertText('not on this machine');
  await page.keyboard.press('Enter');
}

/** Walks an incident from its first step to its last; returns how many steps that took. */
async function walk(page: Page): Promise<number> {
  const progress = page.getByRole('navigation', { name: 'Steps' }).locator('.label').first();
  const over = page.getByRole('heading', { name: 'Every step on this way is settled.' });
  let steps = 0;
  for (let before = await progress.innerText(); !(await over.isVisible()); before = await progress.innerText()) {
    const title = await current(page).locator('#step').innerText();
    await settle(page);
    await expect(progress, `“${title}” is settled`).not.toHaveText(before);
    steps += 1;
    expect(steps, 'the way has an end').toBeLessThan(400);
  }
  const [settled, all] = (await progress.innerText()).match(/\d+ of \d+/)![0].split(' of ');
  expect(settled, 'every step on the way').toBe(all);
  return steps;
}

/** Declares an incident from the page of a runbook. */
async function declareFrom(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Start an incident' }).click();
  await page.getByRole('button', { name: 'Declare', exact: true }).click();
  await expect(page).toHaveURL(/\/incidents\/\d+/);
}

for (const file of readdirSync(join(root, 'runbooks')).filter((name) => name.endsWith('.md'))) {
  test(`the shipped ${file} can be walked to its end`, async ({ desk }) => {
    const page = await desk.open(served.owner);
    await visit(page, `${served.farol.url}/runbooks/${file.replace('.md', '')}`);
    await declareFrom(page);
    expect(await walk(page), 'it has steps').toBeGreaterThan(3);
  });
}

const found = existsSync(seeds) ? readdirSync(seeds).filter((name) => name.endsWith('.txt') || name.endsWith('.md')) : [];
if (found.length === 0 && process.env.TEST_WORKER_INDEX === undefined) {
  console.warn(`\n!! SKIPPED: the walks of real runbooks, because there are none in ${seeds} (FAROL_ACCEPTANCE/../seeds)\n`);
}

for (const file of found) {
  test(`a real runbook, ${file}, is imported as it is and walked to its end`, async ({ desk }) => {
    const source = readFileSync(join(seeds, file), 'utf8');
    const page = await desk.open(served.owner);
    await visit(page, `${served.farol.url}/runbooks/new`);
    await paste(page, source);
    await expect(page.getByRole('region', { name: 'Preview' }).locator('.step-list > li').first()).toBeVisible();
    await page.getByRole('button', { name: 'Save as a new revision' }).click();
    await expect(page.getByRole('link', { name: 'Start an incident' })).toBeVisible();
    const saved = await served.owner.call('GET', `/api${new URL(page.url()).pathname}`);
    expect(saved.source, 'kept byte for byte').toBe(source);
    await declareFrom(page);
    expect(await walk(page), 'it has steps').toBeGreaterThan(3);
  });
}

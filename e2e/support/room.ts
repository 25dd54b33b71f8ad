import { type Locator, type Page, expect } from '@playwright/test';

/** Opens the disclosure whose words begin like this, if it is closed. */
export async function disclose(where: Page | Locator, words: string): Promise<Locator> {
  const summary = where.locator('summary').filter({ hasText: new RegExp(`^${words}`) }).first();
  const details = summary.locator('..');
  if (!(await details.evaluate((element) => (element as HTMLDetailsElement).open))) await summary.click();
  return details;
}

/** Chooses a step in the plan and waits until it is the one in view. */
export async function goTo(page: Page, title: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name: title }).click();
  await expect(current(page).locator('#step')).toHaveText(title);
}

/** The part of the room that shows the step in view. */
export const current = (page: Page): Locator => page.getByRole('region', { name: 'Current step' });

/** Expects the step in view to have a status. */
export async function expectStatus(page: Page, status: string): Promise<void> {
  await expect(current(page).locator('.facts-line').first()).toContainText(status);
}

/** Expects a step of the plan to have come to an end; the room goes on to the next one meanwhile. */
export async function expectSettled(page: Page, title: string, status: string): Promise<void> {
  await expect(page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name: title })).toContainText(status);
}

/** The timeline's entries, newest first. */
export const timeline = (page: Page): Locator => page.locator('ol.tl > li');

/** Leaves the step in view out, with a reason. */
export async function skipStep(page: Page, reason: string): Promise<void> {
  const title = await current(page).locator('#step').innerText();
  const form = await disclose(current(page), 'Skip');
  await form.getByLabel('Why is it left out?').fill(reason);
  await form.getByRole('button', { name: 'Skip' }).click();
  await expectSettled(page, title, 'skipped');
}

/** Writes a note. */
export async function writeNote(page: Page, text: string): Promise<void> {
  const form = await disclose(current(page), 'Note');
  await form.getByLabel('What did you see, do or think?').fill(text);
  await form.getByRole('button', { name: 'Write it down' }).click();
  await expect(timeline(page).filter({ hasText: text })).toBeVisible();
}

/** Ends the incident. */
export async function resolve(page: Page): Promise<void> {
  const status = await disclose(page, 'Status:');
  await status.getByRole('button', { name: 'Resolve' }).click();
  await expect(page.getByRole('banner').or(page.locator('header.bar')).getByText('Resolved').first()).toBeVisible();
}

/** Fills the declaration and sends it. */
export async function fillDeclaration(page: Page, title: string, target: string): Promise<void> {
  await page.getByLabel('What is wrong?').fill(title);
  const more = await disclose(page, 'Severity, target, drill');
  await more.getByLabel('Target').selectOption({ value: target });
  await page.getByRole('button', { name: 'Declare', exact: true }).click();
  await expect(page).toHaveURL(/\/incidents\/\d+/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(title);
}

/** Reads what a press on a link brings to disk. */
export async function download(page: Page, link: Locator): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const stream = await file.createReadStream();
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

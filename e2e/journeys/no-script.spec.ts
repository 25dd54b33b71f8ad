import { current, disclose, download, expectSettled, fillDeclaration, goTo, resolve, skipStep, timeline, writeNote } from '../support/room.ts';
import { OWNER, expect, serve, test } from '../support/test.ts';

const served = serve();

test('an incident without JavaScript', async ({ desk }) => {
  const page = await desk.open(undefined, { javaScriptEnabled: false });
  await page.goto(`${served.farol.url}/incidents`);
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Password').fill('certainly not this one');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('E-mail'), 'what was typed is kept').toHaveValue(OWNER.email);
  await expect(page.getByLabel('Password'), 'and a password is not').toHaveValue('');
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('link', { name: OWNER.name })).toBeVisible();

  await page.getByRole('link', { name: 'Runbooks', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search' }).fill('orfaos');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.locator('.library > li').first()).toContainText('Loja: pedidos órfãos e integridade dos dados');
  await page.goto(`${served.farol.url}/runbooks`);
  await page.getByRole('link', { name: 'Shop: a slow query and the index it lacks' }).click();
  await page.getByRole('link', { name: 'Start an incident' }).click();
  await fillDeclaration(page, 'Slow without scripts', 'demo');

  await goTo(page, 'See how much one look-up has to read');
  await current(page).getByRole('button', { name: 'Run, reads only' }).click();
  // Without scripts nothing comes by itself: people load the page again.
  await expect(async () => {
    await page.reload();
    await expectStatusNow(page, 'succeeded');
  }).toPass();
  await expect(current(page).getByRole('cell', { name: /^\d{6}$/ })).toBeVisible();

  await goTo(page, 'Build the index');
  await current(page).getByLabel("Type the target's name: demo").fill('dmeo');
  await current(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(current(page).getByRole('alert')).toContainText(/target/i);
  await expect(current(page).getByLabel("Type the target's name: demo")).toHaveValue('dmeo');

  await goTo(page, 'The page of the latest orders answers within 50 ms');
  await current(page).getByRole('button', { name: 'Tick' }).click();
  await expectSettled(page, 'The page of the latest orders answers within 50 ms', 'done');
  await goTo(page, 'ShopLatestOrdersSlow has stopped firing');
  await skipStep(page, 'muted');
  await writeNote(page, 'Written by hand, sent by a form.');
  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(timeline(page).filter({ hasText: 'Acknowledged at' })).toBeVisible();
  await resolve(page);

  await page.getByRole('link', { name: 'After the incident' }).first().click();
  await expect(page.getByRole('heading', { name: 'Figures' })).toBeVisible();
  await page.getByRole('link', { name: 'Post-mortem' }).click();
  await page.getByLabel('Summary').fill('It worked without scripts.');
  await page.locator('#summary').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Written by Olga Ferreira')).toBeVisible();
  const markdown = await download(page, page.getByRole('link', { name: 'Export Markdown' }));
  expect(markdown).toContain('It worked without scripts.');
  expect(markdown).toContain('Written by hand, sent by a form.');
});

test('the editor without JavaScript previews on a press and saves', async ({ desk }) => {
  const page = await desk.open(served.owner, { javaScriptEnabled: false });
  await page.goto(`${served.farol.url}/runbooks/new`);
  await page.getByLabel('Markdown').fill('# Cache is cold\n\n1. Count the orders\n\n```sql\nSELECT count(*) FROM orders;\n```\n');
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText('Count the orders');
  await expect(page.getByLabel('Markdown')).toHaveValue(/Cache is cold/);
  await page.getByRole('button', { name: 'Save as a new revision' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Cache is cold' })).toBeVisible();
});

async function expectStatusNow(page: import('@playwright/test').Page, status: string): Promise<void> {
  expect(await current(page).locator('.facts-line').first().innerText()).toContain(status);
}

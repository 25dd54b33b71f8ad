import { current, disclose, download, expectSettled, expectStatus, fillDeclaration, goTo, resolve, skipStep, timeline, writeNote } from '../support/room.ts';
import { expect, serve, test, visit } from '../support/test.ts';

const served = serve();

test('an incident from the library to the exported post-mortem', async ({ desk }) => {
  const page = await desk.open(served.owner);
  await visit(page, served.farol.url);
  await page.getByRole('link', { name: 'Runbooks', exact: true }).click();
  await page.getByRole('link', { name: 'Shop: a slow query and the index it lacks' }).click();
  await page.getByRole('link', { name: 'Start an incident' }).click();
  await fillDeclaration(page, 'Latest orders take seconds', 'demo');
  const room = page.url();

  // One press for a read; its rows stand below it.
  await goTo(page, 'See how much one look-up has to read');
  await current(page).getByRole('button', { name: 'Run, reads only' }).click();
  await expectStatus(page, 'succeeded');
  await expect(current(page).getByRole('columnheader', { name: /rows_read/ })).toBeVisible();
  await expect(current(page).getByRole('cell', { name: /^\d{6}$/ })).toBeVisible();

  expect(await download(page, current(page).getByRole('link', { name: 'CSV' })), 'and can be kept').toMatch(/^rows_read\n\d{6}\n/);

  // The graph is at hand in the room, and follows the step in view.
  const graph = (await disclose(page.getByRole('navigation', { name: 'Steps' }), 'Graph')).getByRole('img');
  await expect.poll(() => graph.evaluate((image: HTMLImageElement) => image.naturalWidth), 'it is drawn').toBeGreaterThan(100);
  const drawn = await graph.getAttribute('src');

  // A parameter is asked for once.
  await goTo(page, 'Look up a single order; any number from step 1 will do');
  await expect(graph, 'it is drawn anew where one is').not.toHaveAttribute('src', drawn!);
  await expect(current(page).getByRole('button', { name: /^Run: / }), 'it says what it waits for').toHaveAttribute('aria-disabled', 'true');
  await current(page).getByLabel('order_id').fill('59990');
  await current(page).getByRole('button', { name: 'Set' }).click();
  await current(page).getByRole('button', { name: 'Run, reads only' }).click();
  await expectStatus(page, 'succeeded');
  await expect(current(page).getByRole('cell', { name: /SCAN order_items/ })).toBeVisible();
  await goTo(page, 'See the plan of a single order');
  await expect(current(page).getByRole('button', { name: 'Run, reads only' }), 'and later steps have it').toBeVisible();

  // A change of the schema wants the target's name.
  await goTo(page, 'Build the index');
  const name = current(page).getByLabel("Type the target's name: demo");
  await name.fill('dmeo');
  await current(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(current(page).getByRole('alert')).toContainText(/target/i);
  await expect(name, 'what was typed stays').toHaveValue('dmeo');
  await expectStatus(page, 'to do');
  await name.fill('demo');
  await current(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expectStatus(page, 'succeeded');

  await goTo(page, 'The page of the latest orders answers within 50 ms');
  await current(page).getByRole('button', { name: 'Tick' }).click();
  await expectSettled(page, 'The page of the latest orders answers within 50 ms', 'done');
  await goTo(page, 'ShopLatestOrdersSlow has stopped firing');
  await skipStep(page, 'the alert is muted tonight');
  await writeNote(page, 'Customers see their orders again.');

  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(timeline(page).filter({ hasText: 'Acknowledged at' })).toBeVisible();
  const detected = await disclose(page, 'Detected: ');
  await detected.getByRole('button', { name: 'Record' }).click();
  await expect(timeline(page).filter({ hasText: 'Detected at' })).toBeVisible();
  await page.getByRole('listitem').filter({ hasText: 'Mitigated' }).getByRole('button', { name: 'Record now' }).click();
  await expect(timeline(page).filter({ hasText: 'Mitigated at' })).toBeVisible();
  await resolve(page);

  await page.getByRole('link', { name: 'After the incident' }).first().click();
  await expect(page.getByRole('heading', { name: 'Figures' })).toBeVisible();
  const deviations = page.getByRole('region', { name: 'Deviations from the runbook' });
  await expect(deviations.getByRole('row').filter({ hasText: 'ShopLatestOrdersSlow' }).first()).toContainText('Skipped');
  await expect(page.getByRole('region', { name: 'Steps taken' })).toContainText('Build the index');
  await page.getByRole('link', { name: 'Post-mortem' }).click();

  const summary = 'Every order was looked up by reading the **whole** table.';
  await page.getByLabel('Impact').fill('not saved yet');
  await page.getByLabel('Summary').fill(summary);
  await page.locator('#summary').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Written by Olga Ferreira')).toBeVisible();
  await expect(page.getByLabel('Impact'), 'saving one section keeps what was typed in another').toHaveValue('not saved yet');
  await page.reload();
  await expect(page.getByLabel('Summary')).toHaveValue(summary);

  const link = page.getByRole('link', { name: 'Export Markdown' });
  const markdown = await download(page, link);
  expect(markdown).toContain('Latest orders take seconds');
  expect(markdown).toContain(summary);
  for (const step of ['See how much one look-up has to read', 'Build the index', 'the alert is muted tonight', 'Customers see their orders again.']) {
    expect(markdown).toContain(step);
  }
  expect(await download(page, link), 'exported twice it is the same').toBe(markdown);

  for (const path of [room, `${room.split('?')[0]}/after`, `${room.split('?')[0]}/postmortem`]) await visit(page, path);
});

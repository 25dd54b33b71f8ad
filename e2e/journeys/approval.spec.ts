import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { current, expectStatus, goTo } from '../support/room.ts';
import { APPROVER, declare, runbook, waiting } from '../support/stage.ts';
import { expect, serve, test, visit } from '../support/test.ts';

const served = serve();

test('a write in production waits for a second person and runs once', async ({ desk }) => {
  const { farol, owner } = served;
  const file = join(farol.folder, 'prod.db');
  execFileSync('sqlite3', [file, "create table counted_twice (id integer primary key, n integer); insert into counted_twice values (1, 0), (2, 0)"]);
  const page = await desk.open(owner);

  // The owner invites somebody, and hands them the link.
  await visit(page, `${farol.url}/people`);
  const invite = page.locator('form').filter({ has: page.getByRole('button', { name: 'Make the invitation' }) });
  await invite.getByLabel('E-mail').fill(APPROVER.email);
  await invite.getByLabel('Role').selectOption('Approver');
  await invite.getByRole('button', { name: 'Make the invitation' }).click();
  const link = await invite.getByRole('status').getByRole('link').getAttribute('href');
  const other = await desk.open();
  await visit(other, farol.url + link);
  await other.getByLabel('Name', { exact: true }).fill(APPROVER.name);
  await other.getByLabel('Password').fill(APPROVER.password);
  await other.getByRole('button', { name: 'Create the account' }).click();
  await expect(other.getByRole('link', { name: APPROVER.name })).toBeVisible();

  // The owner registers production.
  await visit(page, `${farol.url}/targets`);
  await page.getByRole('link', { name: 'Register a target' }).click();
  await page.getByLabel('Name', { exact: true }).fill('shop-prod');
  await page.getByLabel('Environment').selectOption('production');
  await page.getByLabel('Database').selectOption('SQLite');
  for (const role of ['read only', 'read and write', 'administration']) {
    await page.getByLabel(role, { exact: false }).fill(`sqlite://${file}`);
  }
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('shop-prod');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByRole('status')).toContainText('read only: ✓ answered');

  // The one who asks cannot approve, and is told so. The other looks at another page meanwhile.
  await visit(other, `${farol.url}/runbooks`);
  const id = await runbook(owner, waiting('sleep 300').replace('DELETE FROM counted_twice', 'UPDATE counted_twice SET n = n + 1'), 'count-once');
  const incident = await declare(owner, { title: 'Sales are counted twice', runbook: id, target: 'shop-prod' });
  await visit(page, `${farol.url}/incidents/${incident}`);
  await goTo(page, 'Remove what was counted twice');
  await current(page).getByLabel('I have read the command and the target').check();
  await current(page).getByLabel(/^Reason/).fill('the report goes out at six');
  await current(page).getByRole('button', { name: 'Ask for approval' }).click();
  await expectStatus(page, 'waits for approval');
  await expect(current(page)).toContainText('You asked for it and cannot approve it yourself.');
  await expect(current(page).getByRole('button', { name: /^Approve/ })).toHaveCount(0);
  await visit(page, `${farol.url}/approvals`);
  await expect(page.getByText('You asked for this step yourself; another person has to approve it.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve exactly this' })).toHaveAttribute('aria-disabled', 'true');
  await visit(page, `${farol.url}/incidents/${incident}`);
  await goTo(page, 'Remove what was counted twice');

  // The other is told at once, sees exactly what would run, and lets it.
  await other.getByRole('link', { name: '1 step waits for your approval' }).click();
  await expect(other.getByText('UPDATE counted_twice SET n = n + 1 WHERE id = 1')).toBeVisible();
  await expect(other.getByText('the report goes out at six')).toBeVisible();
  await other.getByRole('button', { name: 'Approve exactly this' }).click();
  await expect(other.getByText('Nothing waits for approval.')).toBeVisible();
  await expectStatus(page, 'succeeded');
  const rows = execFileSync('sqlite3', [file, 'select id, n from counted_twice order by id'], { encoding: 'utf8' });
  expect(rows.trim().split('\n'), 'it ran once').toEqual(['1|1', '2|0']);
});

test('a refusal is told to the one who asked', async ({ desk }) => {
  const { farol, owner } = served;
  const approver = await farol.join(owner, 'approver', { ...APPROVER, email: 'second@example.org' });
  const file = join(farol.folder, 'other.db');
  execFileSync('sqlite3', [file, 'create table counted_twice (id integer primary key)']);
  const credentials = ['ro', 'rw', 'admin'].map((role) => ({ role, url: `sqlite://${file}` }));
  await owner.call('PUT', '/api/targets/other-prod', { environment: 'production', database: 'sqlite', credentials });
  const id = await runbook(owner, waiting('sleep 301'), 'refused-once');
  const incident = await declare(owner, { title: 'A hasty delete', runbook: id, target: 'other-prod' });
  const url = `${farol.url}/incidents/${incident}?step=remove-what-was-counted-twice`;
  const [asks, decides] = [await desk.open(owner), await desk.open(approver)];
  await visit(asks, url);
  await current(asks).getByLabel('I have read the command and the target').check();
  await current(asks).getByRole('button', { name: 'Ask for approval' }).click();
  await expectStatus(asks, 'waits for approval');
  await visit(decides, url);
  await current(decides).locator('summary').filter({ hasText: 'Refuse' }).click();
  await current(decides).getByLabel('Why not?').fill('nobody counted them yet');
  await current(decides).getByRole('button', { name: 'Refuse' }).click();
  await expect(asks.locator('ol.tl > li').filter({ hasText: 'nobody counted them yet' })).toBeVisible();
  await expect(current(asks).getByRole('button', { name: 'Ask for approval' }), 'it can be asked for again').toBeVisible();
});

test('who is alone breaks the glass, everybody sees it, and somebody else reviews it', async ({ desk }) => {
  const { farol, owner } = served;
  const approver = await farol.join(owner, 'approver', { ...APPROVER, email: 'third@example.org' });
  const file = join(farol.folder, 'third.db');
  execFileSync('sqlite3', [file, 'create table counted_twice (id integer primary key, n integer); insert into counted_twice values (1, 0)']);
  const credentials = ['ro', 'rw', 'admin'].map((role) => ({ role, url: `sqlite://${file}` }));
  await owner.call('PUT', '/api/targets/third-prod', { environment: 'production', database: 'sqlite', credentials });
  const id = await runbook(owner, waiting('sleep 302').replace('DELETE FROM counted_twice', 'UPDATE counted_twice SET n = n + 1'), 'alone');
  const incident = await declare(owner, { title: 'Alone at night', runbook: id, target: 'third-prod' });
  const sees = await desk.open(approver);
  await visit(sees, `${farol.url}/targets`);
  const told = sees.getByRole('link', { name: /steps run without approval until/ });
  await expect(told).toHaveCount(0);

  const page = await desk.open(owner);
  await visit(page, `${farol.url}/incidents/${incident}?step=remove-what-was-counted-twice`);
  await current(page).getByLabel('I have read the command and the target').check();
  await current(page).getByRole('button', { name: 'Ask for approval' }).click();
  await current(page).getByRole('link', { name: 'Nobody there to approve?' }).click();
  await page.getByLabel('Why nobody else can approve').fill('The others are on a plane');
  await page.getByLabel('For how many minutes').fill('10');
  await page.getByRole('button', { name: 'Break the glass' }).click();
  await expect(page.getByText('The others are on a plane')).toBeVisible();
  await expect(told, 'without loading anything anew').toBeVisible();
  await page.getByRole('link', { name: 'Back to the room' }).click();
  await goTo(page, 'Remove what was counted twice');
  await expectStatus(page, 'succeeded');

  await told.click();
  await expect(sees.getByRole('heading', { level: 1 })).toContainText('Break-glass');
  await sees.getByRole('button', { name: 'End it now' }).click();
  await expect(told).toHaveCount(0);
  await visit(sees, `${farol.url}/approvals`);
  await sees.getByLabel('What was found of it').fill('One row, as it should be');
  await sees.getByRole('button', { name: 'Record the review' }).click();
  await expect(sees.getByText('Break-glass to review')).toHaveCount(0);
  await visit(sees, `${farol.url}/incidents/${incident}/break-glass`);
  await expect(sees.getByText('One row, as it should be')).toBeVisible();
});

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { current, disclose, expectStatus } from '../support/room.ts';
import { APPROVER, declare, hold, production, reaches, runbook, waiting } from '../support/stage.ts';
import { expect, serve, test, visit } from '../support/test.ts';

const served = serve();

test('what a step changed is held, looked at, rolled back once and committed once', async ({ desk }) => {
  const { farol, owner } = served;
  const approver = await farol.join(owner, 'approver', APPROVER);
  const file = join(farol.folder, 'held.db');
  const rows = (): string => execFileSync('sqlite3', [file, 'select n from counted_twice order by id'], { encoding: 'utf8' }).trim();
  execFileSync('sqlite3', [file, 'create table counted_twice (id integer primary key, n integer); insert into counted_twice values (1, 5), (2, 5)']);
  const credentials = ['ro', 'rw', 'admin'].map((role) => ({ role, url: `sqlite://${file}` }));
  await owner.call('PUT', '/api/targets/held-prod', { environment: 'production', database: 'sqlite', credentials });
  const source = waiting('sleep 303').replace(' {hold=no}\nDELETE FROM counted_twice', '\nUPDATE counted_twice SET n = 6');
  const id = await runbook(owner, source, 'held');
  const incident = await declare(owner, { title: 'Counted twice', runbook: id, target: 'held-prod' });
  const page = await desk.open(owner);
  await visit(page, `${farol.url}/incidents/${incident}?step=remove-what-was-counted-twice`);

  const ask = async (): Promise<void> => {
    await current(page).getByLabel('I have read the command and the target').check();
    await current(page).getByRole('button', { name: 'Ask for approval' }).click();
    await expectStatus(page, 'waits for approval');
    const { state } = await owner.call('GET', `/api/incidents/${incident}`);
    const attempt = state.steps['remove-what-was-counted-twice'].attempts.at(-1);
    const { digest } = state.attempts[attempt].request;
    await approver.call('POST', `/api/incidents/${incident}/attempts/${attempt}/approval`, { digest });
    await expect(current(page).getByRole('link', { name: 'Held, not committed' })).toBeVisible();
  };

  await ask();
  expect(rows(), 'nobody else sees it').toBe('5\n5');
  await expect(current(page)).toContainText('Rows that it changed: 1.');
  await expect(current(page)).toContainText('Once committed, 1 row can be put back as it was.');
  await current(page).getByRole('link', { name: 'Held, not committed' }).click();
  await expect(page.getByText('It changed 1 row. Nobody else sees that yet.')).toBeVisible();
  await page.getByRole('link', { name: 'Back to the step' }).click();
  await current(page).getByRole('button', { name: 'Roll back' }).click();
  await expect(current(page).getByRole('button', { name: 'Ask for approval' }), 'it can be asked for again').toBeVisible();
  expect(rows()).toBe('5\n5');

  await ask();
  await current(page).getByRole('button', { name: 'Commit' }).click();
  await expectStatus(page, 'succeeded');
  expect(rows()).toBe('6\n5');

  // What was committed is put back by a step of its own, which is shown, approved and held as well.
  const attempts = await disclose(current(page), 'Attempts');
  await attempts.getByRole('link').first().click();
  await page.getByRole('link', { name: 'Show what would undo it' }).click();
  await expect(page.locator('main')).toContainText('UPDATE counted_twice SET "n" = 5');
  await page.getByLabel('I have read the command and the target').check();
  await page.getByLabel('Reason').fill('it was right before');
  await page.getByRole('button', { name: 'Ask to undo it' }).click();
  await expect(page.getByText('This attempt undoes another one.')).toBeVisible();
  const undo = page.url().split('/').at(-1)!;
  await hold(approver, incident, undo);
  await page.reload();
  await page.getByRole('button', { name: 'Commit' }).click();
  await expect(page.getByText('Committed by')).toBeVisible();
  await reaches(owner, incident, 'remove-what-was-counted-twice', ['pending']);
  expect(rows()).toBe('5\n5');
});

test('what a change would do is asked of the database, by who wants to run it and by who is to approve it', async ({ desk }) => {
  const { farol, owner } = served;
  const approver = await farol.join(owner, 'approver', { ...APPROVER, email: 'ada@example.org', name: 'Ada' });
  const file = await production(farol, owner, 'asked-prod');
  const id = await runbook(owner, waiting('sleep 304'), 'asked');
  const incident = await declare(owner, { title: 'Counted twice', runbook: id, target: 'asked-prod' });
  const page = await desk.open(owner);
  await visit(page, `${farol.url}/incidents/${incident}?step=remove-what-was-counted-twice`);
  await current(page).getByRole('link', { name: 'What would it do? Ask the database' }).click();
  await expect(page.getByText('SELECT count(*) OVER () AS rows_in_all, counted_twice.*')).toBeVisible();
  await page.getByRole('button', { name: 'Ask' }).first().click();
  await expect(page.getByText('It would touch 1 row now.')).toBeVisible();
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(page.getByText('SEARCH counted_twice USING INTEGER PRIMARY KEY')).toBeVisible();
  expect(execFileSync('sqlite3', [file, 'select count(*) from counted_twice'], { encoding: 'utf8' }).trim()).toBe('2');
  await page.getByRole('link', { name: 'Back to the step' }).click();
  await expectStatus(page, 'to do');
  await expect(page.getByText('Asked for: dry run of Remove what was counted twice on asked-prod').first()).toBeVisible();

  await current(page).getByLabel('I have read the command and the target').check();
  await current(page).getByRole('button', { name: 'Ask for approval' }).click();
  await expectStatus(page, 'waits for approval');
  const other = await desk.open(approver);
  await visit(other, `${farol.url}/approvals`);
  await other.getByRole('link', { name: 'What would it do? Ask the database' }).click();
  await other.getByRole('button', { name: 'Ask again' }).first().click();
  await expect(other.getByText(/Answered to Ada/)).toBeVisible();
  await other.getByRole('link', { name: 'Back to the step' }).click();
  await expectStatus(other, 'waits for approval');
});

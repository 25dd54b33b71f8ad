import { spawnSync } from 'node:child_process';
import { current, expectStatus, goTo, timeline, writeNote } from '../support/room.ts';
import { attemptOf, declare, run, runbook, waiting } from '../support/stage.ts';
import { expect, serve, test, visit } from '../support/test.ts';

const served = serve();

/** How many processes run with exactly this command line. */
const running = (command: string): number => Number(spawnSync('pgrep', ['-fxc', command], { encoding: 'utf8' }).stdout);

test('what one does the other sees, and what was started can be stopped', async ({ desk }) => {
  // A length that no other process of this machine sleeps for.
  const sleep = `sleep ${300 + process.pid / 1e7}`;
  const id = await runbook(served.owner, waiting(sleep), 'replica-wait');
  const incident = await declare(served.owner, { title: 'Replica falls behind', runbook: id, target: 'demo' });
  const url = `${served.farol.url}/incidents/${incident}`;
  const [acts, sees] = [await desk.open(served.owner), await desk.open(served.owner)];
  await visit(acts, url);
  await visit(sees, url);
  for (const page of [acts, sees]) await expect(page.getByText('live', { exact: false }).first()).toBeVisible();
  await sees.evaluate(() => ((window as { sameDocument?: boolean }).sameDocument = true));

  await acts.getByRole('button', { name: 'Run, reads only' }).click();
  for (const page of [acts, sees]) {
    await expectStatus(page, 'running');
    await expect(current(page).locator('.output')).toContainText('waiting for the replica');
  }
  expect(running(sleep), 'the command runs on this machine').toBe(1);
  await writeNote(acts, 'It has an hour to catch up.');
  await expect(timeline(sees).filter({ hasText: 'It has an hour to catch up.' })).toBeVisible();
  expect(await sees.evaluate(() => (window as { sameDocument?: boolean }).sameDocument), 'nothing was loaded anew').toBe(true);

  const before = await timeline(sees).allInnerTexts();
  await visit(sees, url);
  expect(await timeline(sees).allInnerTexts(), 'a reload shows the same').toEqual(before);
  await expect(current(sees).locator('.output')).toContainText('waiting for the replica');

  await sees.getByRole('button', { name: 'Stop it' }).click();
  for (const page of [acts, sees]) await expectStatus(page, 'stopped');
  await expect.poll(() => running(sleep), 'and the command is gone').toBe(0);
  await goTo(acts, 'Remove what was counted twice');
});

test('a tab that was hidden catches up when it is seen again', async ({ desk }) => {
  const incident = await declare(served.owner, { title: 'Nobody looks', runbook: 'shop-slow-query', target: 'demo' });
  const page = await desk.open(served.owner);
  await visit(page, `${served.farol.url}/incidents/${incident}`);
  await expect(page.getByText('● live')).toBeVisible();
  const show = (state: string) =>
    page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  await show('hidden');
  await expect(page.getByText('paused')).toBeVisible();
  await served.owner.call('POST', `/api/incidents/${incident}/notes`, { text: 'Written while nobody looked.' });
  await show('visible');
  await expect(timeline(page).filter({ hasText: 'Written while nobody looked.' })).toBeVisible();
  await expect(page.getByText('● live')).toBeVisible();
});

test('what is erased goes from a room that is open', async ({ desk }) => {
  const step = 'see-how-much-one-look-up-has-to-read';
  const incident = await declare(served.owner, { title: 'A customer asks', runbook: 'shop-slow-query', target: 'demo' });
  const base = `/api/incidents/${incident}`;
  await run(served.owner, incident, step);
  const noted = await served.owner.call('POST', `${base}/notes`, { text: 'Ana Souza cannot see her order 4711' });
  const page = await desk.open(served.owner);
  await visit(page, `${served.farol.url}/incidents/${incident}?step=${step}`);
  await expect(page.getByText('● live')).toBeVisible();
  await expect(timeline(page).filter({ hasText: 'Ana Souza' })).toBeVisible();
  await expect(current(page).locator('.output')).toContainText('210000');

  const whole = { reason: 'she asked for it', typed: `INC-${incident}` };
  await served.owner.call('POST', `${base}/erasures`, { seq: noted.events[0].seq, ...whole });
  await expect(timeline(page).filter({ hasText: 'Ana Souza' })).toHaveCount(0);
  await expect(timeline(page).filter({ hasText: /Erased by .*: she asked for it/ })).not.toHaveCount(0);
  await served.owner.call('POST', `${base}/erasures`, { attempt: await attemptOf(served.owner, incident, step), ...whole });
  await expect(current(page).locator('.output')).toContainText('she asked for it');
  await expect(current(page).locator('.output')).not.toContainText('210000');
});

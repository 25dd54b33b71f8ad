import { Farol, OWNER, expect, hydrated, test, visit } from '../support/test.ts';

test('the first person becomes the owner with the token that the server printed', async ({ desk }) => {
  const farol = await Farol.start();
  try {
    const page = await desk.open();
    await visit(page, `${farol.url}/`);
    await expect(page, 'an empty Farol asks to be set up').toHaveURL(/\/setup/);

    await page.getByLabel('One-time token').fill('not-the-token-that-was-printed');
    await page.getByLabel('Name', { exact: true }).fill(OWNER.name);
    await page.getByLabel('E-mail').fill(OWNER.email);
    await page.getByLabel('Password').fill(OWNER.password);
    await page.getByRole('button', { name: 'Create the owner account' }).click();
    await expect(page.getByRole('alert')).toContainText(/token/i);
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue(OWNER.name);
    await expect(page.getByLabel('E-mail')).toHaveValue(OWNER.email);

    await page.getByLabel('One-time token').fill(farol.token);
    await expect(page.getByLabel('Password'), 'a password never comes back').toHaveValue('');
    await page.getByLabel('Password').fill(OWNER.password);
    await page.getByRole('button', { name: 'Create the owner account' }).click();
    await expect(page.getByRole('heading', { name: 'Open incidents' })).toBeVisible();
    await hydrated(page);

    await page.getByRole('link', { name: OWNER.name }).click();
    await expect(page.getByRole('heading', { name: OWNER.name })).toBeVisible();
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page).toHaveURL(/\/login/);
    await visit(page, `${farol.url}/incidents`);
    await expect(page, 'after logging out the pages are closed').toHaveURL(/\/login/);

    await page.getByLabel('E-mail').fill(OWNER.email);
    await page.getByLabel('Password').fill('not the password at all');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.getByLabel('E-mail')).toHaveValue(OWNER.email);
    await page.getByLabel('Password').fill(OWNER.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page, 'logging in leads to where one wanted to go').toHaveURL(`${farol.url}/incidents`);

    await visit(page, `${farol.url}/setup`);
    await expect(page, 'the token was for one time').toHaveURL(/\/login|\/$/);
  } finally {
    await farol.stop();
  }
});

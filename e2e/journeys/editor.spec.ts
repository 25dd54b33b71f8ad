import type { Page } from '@playwright/test';
import { expect, serve, test, visit } from '../support/test.ts';

const served = serve();

/** The editor that has taken the text area's place. */
function editor(page: Page) {
  return page.getByRole('textbox', { name: 'Markdown' });
}

/** Goes to the end of the text and types there. */
async function typeAtEnd(page: Page, text: string) {
  await editor(page).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
}

async function create(id: string, source: string) {
  await served.owner.call('POST', '/api/runbooks', { id, source });
  return `${served.farol.url}/runbooks/${id}/edit`;
}

test('the editor marks what is wrong where it stands, and one press mends it', async ({ desk }) => {
  // Characters of two, three and four bytes before the mistake: the server counts bytes, the editor UTF-16 units.
  const page = await desk.open(served.owner);
  await visit(page, await create('marked', '# Ação 🚨 “parada”\n\n1. Ver:\n\n```sql\nselect 1;\n```\n'));
  await expect(editor(page)).toContainText('Ação 🚨 “parada”');
  await typeAtEnd(page, '\n```sql {tmeout=30s}\nselect 2;\n```\n');
  const listed = page.locator('#preview .diagnostics > li').filter({ hasText: 'unknown-attribute' });
  await expect(listed).toBeVisible();
  await expect(page.locator('.cm-lintRange')).not.toHaveCount(0);
  await expect(page.locator('.cm-lint-marker').first()).toBeVisible();
  await listed.getByRole('link', { name: /line \d+/ }).click();
  await expect(page.locator('.cm-activeLine')).toContainText('tmeout');
  await listed.getByRole('button', { name: 'Apply the fix' }).click();
  await expect(editor(page)).toContainText('{timeout=30s}');
  await expect(listed).toHaveCount(0);
  await page.getByRole('button', { name: 'Save as a new revision' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ação');
  const saved = await served.owner.call('GET', '/api/runbooks/marked');
  expect(saved.source).toBe('# Ação 🚨 “parada”\n\n1. Ver:\n\n```sql\nselect 1;\n```\n\n```sql {timeout=30s}\nselect 2;\n```\n');
});

test('the editor completes attributes, their values and front matter, by keyboard', async ({ desk }) => {
  const page = await desk.open(served.owner);
  await visit(page, await create('completed', '# Completed\n\n```sql {id=lag}\nselect 1;\n```\n'));
  await expect(page.locator('#preview .step-list > li')).toHaveCount(1);
  const options = page.getByRole('listbox').getByRole('option');
  await typeAtEnd(page, '\n```sql {tar');
  await expect(options.filter({ hasText: 'target' })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Space');
  await expect(options.filter({ hasText: 'demo' })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.type(' needs=');
  await page.keyboard.press('Control+Space');
  await expect(options.filter({ hasText: 'lag' })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.type('}\nselect 2;\n```\n');
  await expect(editor(page)).toContainText('{target=demo needs=lag}');
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('---\nsev');
  await expect(options.filter({ hasText: 'severity' })).toBeVisible();
  // Tab is not taken: whoever uses the keyboard alone gets out of the editor.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(editor(page)).not.toBeFocused();
});

test('what was typed before the editor came is kept, and without it the text area stays', async ({ desk }) => {
  const page = await desk.open(served.owner);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/assets/editor-*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(await create('early', '# Early\n'), { waitUntil: 'commit' });
  const area = page.locator('textarea[name=source]');
  await area.fill('# Typed early\n\n1. Restart it\n');
  release();
  await expect(page.locator('.cm-content')).toContainText('Typed early');
  await expect(area).toBeHidden();

  const plain = await desk.open(served.owner, { javaScriptEnabled: false });
  await plain.goto(await create('plain', '# Plain\n\n```sql {tmeout=1s}\nselect 1;\n```\n'));
  await plain.getByRole('button', { name: 'Apply all fixes that are sure' }).click();
  await expect(plain.locator('textarea[name=source]')).toHaveValue('# Plain\n\n```sql {timeout=1s}\nselect 1;\n```\n');
});

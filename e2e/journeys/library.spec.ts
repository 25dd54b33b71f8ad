import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, serve, test } from '../support/test.ts';

const served = serve();

/** A tar of runbooks in two languages, with one file that cannot be taken. */
function archive(name: string): string {
  const folder = join(served.farol.folder, name);
  mkdirSync(join(folder, 'filas'), { recursive: true });
  writeFileSync(
    join(folder, 'filas/fila-parada.md'),
    `---\nowner: Mensageria\nservice: pedidos\nreview_by: 2001-01-31\n---\n# ${name}: fila de emissão parada\n\n1. Veja a fila, depois [o disco](../disk.md)\n\n\`\`\`sql\nselect count(*) from fila;\n\`\`\`\n`,
  );
  writeFileSync(join(folder, 'disk.md'), `# ${name}: disk is full\n\n1. Look at the disk\n\n\`\`\`bash\ndf -h\n\`\`\`\n`);
  writeFileSync(join(folder, 'latin.md'), Buffer.from('# Opera\xe7\xe3o\n', 'latin1'));
  execFileSync('tar', ['-czf', `${folder}.tgz`, '-C', served.farol.folder, name]);
  return `${folder}.tgz`;
}

async function journey(page: Page, name: string): Promise<void> {
  await page.goto(`${served.farol.url}/runbooks`);
  await page.getByRole('link', { name: 'Import runbooks' }).click();
  const files = page.getByRole('region', { name: 'Files or an archive' });
  await files.getByLabel(/Markdown files, or one/).setInputFiles(archive(name));
  await files.getByRole('button', { name: 'Import' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Import of ${name}`);
  await expect(page.getByRole('status')).toHaveText('2 new, 1 skipped');
  const line = (path: string) => page.getByRole('listitem').filter({ hasText: path });
  await expect(line('latin.md')).toContainText('It is not UTF-8 at line 1');
  await expect(line('filas/fila-parada.md')).toContainText('1 step · ');

  await page.getByRole('link', { name: 'Open the library' }).click();
  await page.getByRole('searchbox', { name: 'Search' }).fill(`${name} emissao`);
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByText('1 runbook', { exact: true }), 'the accent is missing').toBeVisible();
  const row = page.getByRole('listitem').filter({ hasText: 'fila de emissão parada' });
  await expect(row).toContainText('Owner: Mensageria');
  await expect(row).toContainText('review was due on 2001-01-31');
  await expect(row).toContainText('Last run: never');

  await page.getByRole('searchbox', { name: 'Search' }).fill(name);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('navigation', { name: 'Narrow down' }).getByRole('link', { name: 'Portuguese' }).click();
  await expect(page).toHaveURL(new RegExp(`q=${name}&language=pt`));
  await page.getByRole('link', { name: `${name}: fila de emissão parada` }).click();
  await page.getByRole('link', { name: 'o disco' }).click();
  await expect(page.getByRole('heading', { level: 1 }), 'a link between files is one between runbooks').toHaveText(`${name}: disk is full`);

  await page.goto(`${served.farol.url}/library/imports`);
  await page.getByLabel('File name').fill(`${name} pasted`);
  await page.getByLabel('Markdown', { exact: true }).fill(`# ${name} from a chat\n\n1. Look\n`);
  await page.getByRole('button', { name: 'Import' }).nth(2).click();
  await expect(page.getByRole('status')).toHaveText('1 new');
  await page.getByRole('link', { name: `${name} pasted.md` }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${name} from a chat`);
}

test('an archive and a text are imported, searched without an accent and narrowed down', async ({ desk }) => {
  await journey(await desk.open(served.owner), 'wiki');
});

test('the same without JavaScript', async ({ desk }) => {
  await journey(await desk.open(served.owner, { javaScriptEnabled: false }), 'plain');
});

test('results come while somebody types, and the address keeps up', async ({ desk }) => {
  const page = await desk.open(served.owner);
  await page.goto(`${served.farol.url}/runbooks?language=pt`);
  const search = page.getByRole('searchbox', { name: 'Search' });
  const number = page.getByRole('status');
  const all = await number.innerText();
  await search.pressSequentially('conexoes plataf');
  await expect(number).toHaveText('1 runbook');
  await expect(page.getByRole('link', { name: /conexões do PostgreSQL esgotadas/ })).toBeVisible();
  await expect(page).toHaveURL(/language=pt&q=conexoes\+plataf$|q=conexoes\+plataf&language=pt$/);
  await expect(search, 'whoever types goes on').toBeFocused();
  await expect(page.getByText('Language: Portuguese'), 'what it is narrowed down by stays').toBeVisible();
  await search.pressSequentially('xyzzy');
  await expect(number).toHaveText('0 runbooks');
  await page.reload();
  await expect(search).toHaveValue('conexoes platafxyzzy');
  await search.fill('');
  await expect(number).toHaveText(all);
});

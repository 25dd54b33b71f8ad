import type { Page } from '@playwright/test';
import { declare } from '../support/stage.ts';
import { expect, hydrated, serve, test, visit } from '../support/test.ts';

const served = serve();

/** Words that are the same in both languages, names of products and people, and what people wrote themselves. */
const SHARED = new RegExp(
  `^(${[
    'Farol|Runbooks?|E-mail|Post-mortem|Markdown|HTML|SQL|[sS]hell|Status|UTC|RTO|RPO',
    'PostgreSQL|SQLite|MariaDB / MySQL|English|Português \\(Brasil\\)',
    '(demo · )?sandbox|Olga Ferreira.*|(Post-mortem: )?INC-.*',
    'j k|[radxsn?]|\\W*|[\\d:. ]+|SEV\\d',
  ].join('|')})$`,
);

/** The words of the interface on a page: of headings, controls, labels and table heads, outside of authors' texts. */
function words(page: Page): Promise<string[]> {
  return page.locator('h1, h2, h3, th, dt, label, legend, summary, button, nav a, .hint, option').evaluateAll((all) =>
    all
      .filter((one) => !one.closest('[lang]:not(html):not(.language), .prose, nav.steps, nav.outline, .step-list, select[name=runbook], .clock dd'))
      .map((one) => {
        const copy = one.cloneNode(true) as Element;
        copy.querySelectorAll('kbd, code, select, .sev, .env').forEach((inner) => inner.remove());
        return (copy.textContent ?? '').trim();
      }),
  );
}

test('the switch keeps the page, and the whole page changes', async ({ desk }) => {
  const incident = await declare(served.owner, { title: 'INC-0', target: 'demo' });
  const page = await desk.open(served.owner);
  for (const path of [
    '/',
    '/incidents',
    '/incidents/new',
    `/incidents/${incident}`,
    `/incidents/${incident}/after`,
    `/incidents/${incident}/postmortem`,
    '/approvals',
    '/runbooks?q=indice',
    '/runbooks/new',
    '/targets',
    '/targets/new',
    '/people',
    '/account',
    '/no/such/page',
  ]) {
    await visit(page, served.farol.url + path);
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    const english = new Set(await words(page));
    await page.getByRole('link', { name: 'Português' }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'pt-BR');
    expect(page.url(), 'the switch keeps the page').toBe(served.farol.url + path);
    await hydrated(page);
    const left = (await words(page)).filter((word) => english.has(word) && !SHARED.test(word));
    expect.soft(left, `${path} in Portuguese has English words`).toEqual([]);
    await page.getByRole('link', { name: 'English' }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  }
});

test('a browser that asks for Portuguese gets it, and others English', async ({ desk }) => {
  const brazilian = await desk.open(undefined, { locale: 'pt-BR' });
  await visit(brazilian, `${served.farol.url}/login`);
  await expect(brazilian.locator('html')).toHaveAttribute('lang', 'pt-BR');
  await brazilian.getByLabel('E-mail').fill('olga@example.org');
  await brazilian.getByLabel('Senha').fill('não é esta');
  await brazilian.getByRole('button', { name: 'Entrar' }).click();
  await expect(brazilian.getByRole('alert'), 'problems are told in Portuguese too').toContainText(/senha/i);
  const french = await desk.open(undefined, { locale: 'fr-FR' });
  await visit(french, `${served.farol.url}/login`);
  await expect(french.locator('html')).toHaveAttribute('lang', 'en');
});

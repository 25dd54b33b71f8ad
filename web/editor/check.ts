// What the server has to say about a text: the page that the button would have brought, read for what stands in it.

import type { Diagnostic } from '@codemirror/lint';
import { places } from './offsets';

/** A replacement that mends what a diagnostic is about, in bytes of the text that was checked. */
interface Fix {
  from: number;
  to: number;
  insert: string;
}

/** One diagnostic, in bytes of the text that was checked. */
interface Found {
  severity: Diagnostic['severity'];
  message: string;
  from: number;
  to: number;
  fix?: Fix;
}

/** Sends the form as its button would, with this text, and returns the part of the answer that is shown. */
export async function check(form: HTMLFormElement, text: string, signal: AbortSignal): Promise<Element | null> {
  const button = form.querySelector<HTMLButtonElement>('button[data-check]')!;
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) fields.append(name, String(value));
  fields.set('source', text);
  fields.set(button.name, button.value);
  const answer = await fetch(button.formAction, { method: 'POST', body: fields, signal });
  return new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#preview');
}

/** Reads the diagnostics that a part of a page lists. */
export function diagnostics(shown: Element): Found[] {
  return [...shown.querySelectorAll<HTMLElement>('.diagnostics > li')].map((item) => {
    const number = (name: string) => Number(item.dataset[name]);
    const fix = item.dataset.fixFrom === undefined ? undefined : { from: number('fixFrom'), to: number('fixTo'), insert: item.dataset.fix! };
    const message = item.querySelector('.message')?.textContent ?? '';
    return { severity: item.dataset.severity as Found['severity'], message, from: number('from'), to: number('to'), fix };
  });
}

/** Puts diagnostics where they belong in a text; `act` makes the button that applies a fix. */
export function placed(found: Found[], text: string, act: (from: number, to: number, insert: string) => Diagnostic['actions']): Diagnostic[] {
  const offsets = new Set<number>();
  for (const { from, to, fix } of found) for (const at of [from, to, fix?.from, fix?.to]) if (at !== undefined) offsets.add(at);
  const sorted = [...offsets].sort((a, b) => a - b);
  const units = places(text, sorted);
  const place = new Map(sorted.map((offset, index) => [offset, units[index]]));
  const at = (offset: number) => place.get(offset)!;
  return found.map(({ severity, message, from, to, fix }) => ({
    severity,
    message,
    from: at(from),
    // A diagnostic about a whole section is marked on its first line: underlined pages help nobody.
    to: firstLine(text, at(from), at(to)),
    actions: fix && act(at(fix.from), at(fix.to), fix.insert),
  }));
}

function firstLine(text: string, from: number, to: number): number {
  const end = text.indexOf('\n', from);
  return end > from && end < to ? end : to;
}

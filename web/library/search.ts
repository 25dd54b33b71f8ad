// Results while somebody types: the page that the form would have brought, and of it what was found. Without this
// script, or where an answer fails, the form and its button do the same.

/** How long it must be quiet, in milliseconds: longer than between two keys of somebody who types on. */
const PAUSE = 150;

const form = document.querySelector<HTMLFormElement>('form.search')!;
const field = form.querySelector<HTMLInputElement>('input[type=search]')!;
let waiting: number | undefined;
let running: AbortController | undefined;

/** The address that the form leads to; nothing in it that is empty. */
function address(): string {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== '') fields.append(name, String(value));
  return fields.size ? `${form.action}?${fields}` : form.action;
}

async function search(): Promise<void> {
  // What was asked for before is out of date, also where the address is that of what is shown.
  running?.abort();
  const wanted = address();
  if (wanted === location.href) return;
  running = new AbortController();
  const { signal } = running;
  const answer = await fetch(wanted, { signal });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const [fresh, results] = [page.getElementById('results'), document.getElementById('results')];
  // Another page, of somebody who is no longer logged in for one: the button leads there.
  if (signal.aborted || !fresh || !results) return;
  results.replaceChildren(...document.adoptNode(fresh).childNodes);
  const number = document.getElementById('count');
  if (number) number.textContent = page.getElementById('count')?.textContent ?? '';
  history.replaceState(history.state, '', wanted);
}

function soon(): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => void search().catch(() => undefined), PAUSE);
}

field.addEventListener('input', (event) => {
  // What an input method is still putting together is no word yet.
  if (!(event as InputEvent).isComposing) soon();
});
field.addEventListener('compositionend', soon);
form.addEventListener('submit', () => {
  clearTimeout(waiting);
  running?.abort();
});

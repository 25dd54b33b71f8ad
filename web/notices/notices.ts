// Told at once, whatever page one looks at: what waits for one's approval, and who has broken the glass. Without this
// script a page says what was so when it was loaded.

/** Where the server tells that something changed. */
const CHANGES = '/api/notices';
/** A page that says what is so now, in the reader's language. */
const PAGE = '/account';

let turns = 0;
let source: EventSource | undefined;
let shown = document.getElementById('notices')?.dataset.shown;

/** Takes the lines and the number in the navigation from a page that was written just now. */
async function take(): Promise<void> {
  const turn = ++turns;
  const answer = await fetch(PAGE);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  // Another change came while this answer was on its way: that one's will be newer.
  if (turn !== turns) return;
  const [fresh, here] = [page.getElementById('notices'), document.getElementById('notices')];
  // Another page, of somebody who is no longer logged in for one.
  if (!fresh || !here) return;
  shown = fresh.dataset.shown;
  // What stays is not touched: it is not read aloud again, and keeps its focus.
  const wanted = [...document.adoptNode(fresh).children];
  const coming = new Set(wanted.map((line) => line.outerHTML));
  for (const line of [...here.children]) if (!coming.delete(line.outerHTML)) line.remove();
  here.append(...wanted.filter((line) => coming.has(line.outerHTML)));
  const [count, number] = [page.getElementById('approvals-link'), document.getElementById('approvals-link')];
  if (count && number) number.textContent = count.textContent;
}

/** Listens while the page is seen: browsers have few connections to one server, and hidden pages would use them up. */
function follow(): void {
  source?.close();
  source = undefined;
  if (document.visibilityState === 'hidden') return;
  source = new EventSource(CHANGES);
  source.onmessage = ({ data }) => {
    if (data !== shown) void take().catch(() => undefined);
  };
}

if (shown !== undefined) {
  document.addEventListener('visibilitychange', follow);
  // A page that is kept for going back would keep its connection.
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) follow();
  });
  follow();
}

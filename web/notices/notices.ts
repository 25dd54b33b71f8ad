// Told at once, whatever page one looks at: what waits for one's approval, and who has broken the glass. Without this
// script a page says what was so when it was loaded.

/** Where the server tells that something changed. */
const CHANGES = '/api/notices';
/** A page that says what is so now, in the reader's language. */
const PAGE = '/account';

let source: EventSource | undefined;
let shown = document.getElementById('notices')?.dataset.shown;

/** Takes the lines and the number in the navigation from a page that was written just now. */
async function take(): Promise<void> {
  const answer = await fetch(PAGE);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const [fresh, here] = [page.getElementById('notices'), document.getElementById('notices')];
  // Another page, of somebody who is no longer logged in for one.
  if (!fresh || !here) return;
  shown = fresh.dataset.shown;
  // Only what changed is said again by those who read aloud.
  const lines = [...here.children].map((line) => line.outerHTML);
  const wanted = [...document.adoptNode(fresh).children];
  if (wanted.map((line) => line.outerHTML).join() !== lines.join()) here.replaceChildren(...wanted);
  const [count, number] = ['#approvals-link', '#approvals-link'].map((id, at) => (at ? document : page).querySelector(id));
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

// A text area becomes an editor that marks what the server has to say, and keeps the text area in step.

import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { check, diagnostics, placed } from './check';
import { complete } from './complete';
import { looks, phrases } from './looks';
import { markdown } from './markdown';

/** How long nobody types before the text is checked, in milliseconds. */
const PAUSE = 300;

/** Puts an editor in the place of a text area. Whatever goes wrong before that leaves the text area as it was. */
export function upgrade(area: HTMLTextAreaElement, form: HTMLFormElement): void {
  const page = area.closest<HTMLElement>('.editor')!;
  let timer = 0;
  let asked = new AbortController();
  const text = () => view.state.doc.toString();

  const look = async () => {
    area.value = text();
    asked.abort();
    asked = new AbortController();
    const checked = view.state.doc;
    try {
      const fresh = await check(form, checked.toString(), asked.signal);
      if (fresh && view.state.doc === checked) show(fresh);
    } catch (error) {
      // Offline, or overtaken by a later check: what is shown stays, and the next pause asks again.
      if (!(error instanceof DOMException && error.name === 'AbortError')) console.warn(error);
    }
  };

  const show = (fresh: Element) => {
    document.querySelector('#preview')?.replaceChildren(...fresh.childNodes);
    mark();
  };

  const mark = () => {
    const shown = document.querySelector('#preview');
    if (!shown) return;
    const act = (from: number, to: number, insert: string) => [{ name: page.dataset.fix ?? 'Fix', apply: () => apply(from, to, insert) }];
    const found = placed(diagnostics(shown), text(), act);
    view.dispatch(setDiagnostics(view.state, found));
    shown.querySelectorAll<HTMLElement>('.diagnostics > li').forEach((item, index) => {
      const button = item.querySelector<HTMLButtonElement>('button.fix');
      if (!button) return;
      button.hidden = false;
      button.onclick = () => found[index].actions?.[0].apply(view, 0, 0);
    });
  };

  const apply = (from: number, to: number, insert: string) => {
    view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, scrollIntoView: true });
    view.focus();
  };

  const view = new EditorView({
    doc: area.value,
    extensions: [
      EditorView.cspNonce.of(document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? ''),
      EditorState.phrases.of(phrases()),
      lineNumbers(),
      lintGutter(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: true }),
      markdown,
      autocompletion({ override: [complete], interactionDelay: 0 }),
      EditorView.lineWrapping,
      // Tab is not bound: it leads on, as everywhere on the page.
      keymap.of([...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
      looks,
      EditorView.contentAttributes.of({
        'aria-labelledby': `${area.id}-label`,
        // It can be reached without; the attribute says so to whoever only reads attributes.
        tabindex: '0',
        'aria-describedby': area.getAttribute('aria-describedby') ?? '',
        spellcheck: 'false',
      }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        clearTimeout(timer);
        timer = window.setTimeout(look, PAUSE);
      }),
    ],
  });

  const label = form.querySelector<HTMLLabelElement>(`label[for="${area.id}"]`)!;
  label.id = `${area.id}-label`;
  label.removeAttribute('for');
  label.addEventListener('click', () => view.focus());
  const typing = document.activeElement === area;
  area.after(view.dom);
  area.hidden = true;
  // A hidden field cannot be pointed at; the server says that a text is missing.
  area.required = false;
  // The text area is what is sent, and what the browser remembers.
  form.addEventListener('submit', () => (area.value = text()), { capture: true });
  window.addEventListener('pagehide', () => (area.value = text()));
  page.addEventListener('click', (event) => leadToLine(event, view));
  mark();
  if (typing) view.focus();
}

/** A link to a line puts the cursor there. */
function leadToLine(event: MouseEvent, view: EditorView): void {
  const link = (event.target as Element).closest<HTMLElement>('[data-line]');
  if (!link) return;
  event.preventDefault();
  const line = view.state.doc.line(Math.min(Number(link.dataset.line), view.state.doc.lines));
  view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: 'center' }) });
  view.focus();
}

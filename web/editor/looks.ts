// The editor in the page's own colours and fonts, and its few words in Portuguese.

import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const theme = EditorView.theme({
  '&': { border: '1px solid var(--edge)', borderRadius: 'var(--r)', background: 'var(--bg)', color: 'var(--text)', fontSize: '14px' },
  '&.cm-focused': { outline: '2px solid var(--active)', outlineOffset: '1px' },
  '.cm-scroller': { font: '14px/22px var(--mono)', minHeight: '24rem', maxHeight: '75vh', fontVariantLigatures: 'none' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { background: 'var(--panel)', color: 'var(--muted)', borderRight: '1px solid var(--rule)' },
  '.cm-activeLine': { background: 'var(--panel)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--mark)' },
  '.cm-selectionMatch': { background: 'var(--raise)' },
  '.cm-tooltip, .cm-panels': { background: 'var(--panel)', color: 'var(--text)', border: '1px solid var(--edge)' },
  '.cm-tooltip': { borderRadius: 'var(--r)', font: '14px/20px var(--sans)', maxWidth: 'min(36rem, 90vw)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--active)', color: 'var(--on-solid)' },
  '.cm-completionInfo': { maxWidth: '20rem' },
  '.cm-completionDetail': { fontStyle: 'normal', color: 'inherit', opacity: '.8' },
  '.cm-diagnostic': { padding: '6px 10px', borderLeftWidth: '4px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--danger)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warning)' },
  '.cm-diagnostic-info': { borderLeftColor: 'var(--edge)' },
  '.cm-diagnosticAction': { background: 'var(--bg)', color: 'var(--active)', border: '1px solid var(--edge)', padding: '2px 10px', minHeight: '24px' },
  '.cm-button, .cm-textfield': { background: 'var(--bg)', color: 'var(--text)', border: '1px solid var(--edge)', font: '14px/20px var(--sans)' },
});

const marks = HighlightStyle.define([
  { tag: tags.heading, fontWeight: '600' },
  { tag: tags.strong, fontWeight: '600' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: [tags.monospace, tags.labelName], color: 'var(--active)' },
  { tag: [tags.link, tags.url], color: 'var(--active)', textDecoration: 'underline' },
  { tag: [tags.processingInstruction, tags.meta, tags.quote], color: 'var(--muted)' },
]);

export const looks = [theme, syntaxHighlighting(marks)];

const PORTUGUESE: Record<string, string> = {
  Find: 'Buscar',
  Replace: 'Trocar por',
  next: 'próxima',
  previous: 'anterior',
  all: 'todas',
  'match case': 'maiúsculas',
  'by word': 'palavra inteira',
  regexp: 'regexp',
  replace: 'trocar',
  'replace all': 'trocar todas',
  close: 'fechar',
  'current match': 'ocorrência atual',
  'replaced $ matches': '$ ocorrências trocadas',
  'replaced match on line $': 'ocorrência trocada na linha $',
  'on line': 'na linha',
  'Go to line': 'Ir para a linha',
  go: 'ir',
  Completions: 'Sugestões',
  Diagnostics: 'Diagnósticos',
  'No diagnostics': 'Nenhum diagnóstico',
  'Selection deleted': 'Seleção apagada',
};

/** The editor's own words, where the page is not in English. */
export function phrases(): Record<string, string> {
  return document.documentElement.lang.startsWith('pt') ? PORTUGUESE : {};
}

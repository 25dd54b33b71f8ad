// Completion of what authors may say about a runbook: attributes of a fence, front matter, the languages of fences.

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';

/** A key with what it takes, as the server describes it. */
interface Key {
  key: string;
  about: { en: string; pt: string };
  takes: 'text' | 'step' | 'target' | 'one_of';
  values: string[];
}

/** All that can be completed, from the server. */
interface Vocabulary {
  languages: string[];
  attributes: Key[];
  front_matter: Key[];
  targets: string[];
}

let known: Promise<Vocabulary> | undefined;

/** Asks the server once, when the first completion is wanted; after a failure it asks again. */
function vocabulary(): Promise<Vocabulary> {
  known ??= fetch('/api/runbooks/vocabulary')
    .then((answer) => (answer.ok ? (answer.json() as Promise<Vocabulary>) : Promise.reject(new Error(answer.statusText))))
    .catch((error) => {
      known = undefined;
      throw error;
    });
  return known;
}

const FENCE = /^\s*(?:>\s*)*(?:[-*+]\s+|\d+[.)]\s+)?(?:`{3,}|~{3,})\s*/;
const WORD = /[\w+#-]*$/;

/** Completes where an attribute, its value, a front matter key or a language can stand. */
export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const fence = FENCE.exec(before)?.[0];
  if (fence !== undefined) return opensFence(context, line.number) ? inFence(context, before.slice(fence.length)) : null;
  return inFrontMatter(context, line.number, before);
}

/** A fence that closes a block has nothing to complete. */
function opensFence(context: CompletionContext, number: number): boolean {
  let open = false;
  for (let at = 1; at < number; at++) if (FENCE.test(context.state.doc.line(at).text)) open = !open;
  return !open;
}

async function inFence(context: CompletionContext, info: string): Promise<CompletionResult | null> {
  const words = await vocabulary();
  const brace = info.lastIndexOf('{');
  if (brace < 0) return /^\S*$/.test(info) ? options(context, WORD, words.languages.map((label) => ({ label, type: 'keyword' }))) : null;
  const attributes = info.slice(brace + 1);
  const value = /(?:^|[\s,])([\w-]+)=("?)([^"\s}]*)$/.exec(attributes);
  if (value) return options(context, /[^"\s},=]*$/, values(words, words.attributes.find(({ key }) => key === value[1])));
  const used = new Set([...attributes.matchAll(/([\w-]+)=/g)].map(([, key]) => key));
  return options(context, WORD, words.attributes.filter(({ key }) => !used.has(key)).map((key) => option(key, '=')));
}

async function inFrontMatter(context: CompletionContext, number: number, before: string): Promise<CompletionResult | null> {
  const doc = context.state.doc;
  if (number < 2 || doc.line(1).text.trimEnd() !== '---') return null;
  for (let at = 2; at < number; at++) if (doc.line(at).text.trimEnd() === '---') return null;
  const words = await vocabulary();
  const value = /^([\w-]+):\s+(\S*)$/.exec(before);
  if (value) return options(context, /\S*$/, values(words, words.front_matter.find(({ key }) => key === value[1])));
  return /^[\w-]*$/.test(before) ? options(context, WORD, words.front_matter.map((key) => option(key, ': '))) : null;
}

function values(words: Vocabulary, key: Key | undefined): Completion[] {
  switch (key?.takes) {
    case 'target':
      return words.targets.map((label) => ({ label, type: 'variable' }));
    case 'step':
      return steps();
    case 'one_of':
      return key.values.map((label) => ({ label, type: 'enum' }));
    default:
      return [];
  }
}

/** The steps of the text as it was last checked. */
function steps(): Completion[] {
  return [...document.querySelectorAll('#preview .step-list > li')].map((item) => ({
    label: item.id.replace(/^step-/, ''),
    detail: item.querySelector('b')?.textContent ?? '',
    type: 'variable',
  }));
}

function option({ key, about }: Key, follows: string): Completion {
  const info = document.documentElement.lang.startsWith('pt') ? about.pt : about.en;
  return { label: key, apply: key + follows, info, type: 'property' };
}

function options(context: CompletionContext, word: RegExp, options: Completion[]): CompletionResult | null {
  const typed = context.matchBefore(word);
  // Who has typed a whole word wants the next line, not a list with that word in it.
  const whole = !context.explicit && options.some(({ label }) => label === typed?.text);
  return options.length === 0 || whole ? null : { from: typed?.from ?? context.pos, options };
}

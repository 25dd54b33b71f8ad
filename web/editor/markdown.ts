// Markdown as a language of the editor, without the languages that may be nested in it: they would treble its weight.

import { defineLanguageFacet, Language, LanguageSupport } from '@codemirror/language';
import { GFM, parser } from '@lezer/markdown';

const data = defineLanguageFacet({ commentTokens: { block: { open: '<!--', close: '-->' } } });

export const markdown = new LanguageSupport(new Language(data, parser.configure(GFM), [], 'markdown'));

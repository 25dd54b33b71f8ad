//! Steps and paragraphs that send elsewhere: to a step by its number, to a section, to a link.

use farol_api::graph::NodeKind;

use crate::lexicon::{Category, Signs, split_leading};
use crate::numbered::Numbered;
use crate::sends;
use crate::steps::{Origin, Walker};
use crate::words::{past_marks, shorten};

impl Walker<'_> {
    /// Tells whether a folded order is to go to a step that there is.
    pub(in crate::steps) fn sends_to_step(&self, folded: &str) -> bool {
        let sends = sends::find(self.lexicon, folded).filter(|sends| sends.begins(self.lexicon, folded));
        let numbered = || self.numbered.get_or_init(|| Numbered::new(self.doc, self.lexicon, self.outline));
        sends.is_some_and(|sends| numbered().has(sends.step))
    }

    /// "If it is still down, see step 2.": goes on elsewhere.
    pub(in crate::steps) fn points_to_step(&mut self, text: &str) -> bool {
        const LONGEST: usize = 200;
        let quoted = self.doc.leaves[self.leaf].quoted;
        if text.len() > LONGEST || quoted || !self.may(text, Signs::POINTS) {
            return false;
        }
        let more = || text.trim_end_matches('.').contains(". ");
        if !self.lexicon.mentions(Category::Numbered, text) || more() || self.quiet() {
            return false;
        }
        let split = split_leading(self.lexicon, self.words(), text);
        let folded = self.fold(shorten(split.rest, LONGEST));
        let ordered = self.lexicon.is_imperative(&folded) && self.lexicon.starts(Category::Goto, &folded).is_none();
        if ordered || !self.sends_to_step(&folded) {
            return false;
        }
        let span = self.doc.leaves[self.leaf].span();
        let mut draft = self.draft(NodeKind::Goto, Origin::Paragraph, split.rest, span.clone());
        draft.guard = split.guard.map(|guard| (guard.to_owned(), span.start));
        draft.text = self.source(&span).to_owned();
        draft.rare().goto = Some(text.to_owned());
        self.push(draft);
        true
    }

    /// "Procedure: see [Restore](#restore)": goes on elsewhere.
    pub(in crate::steps) fn points(&mut self, text: &str, folded: &str) -> bool {
        const LONGEST: usize = 40;
        if !self.may(text, Signs::POINTS) {
            return false;
        }
        let split = split_leading(self.lexicon, self.words(), text);
        let guard = split.guard.filter(|_| split.rest.len() < text.len()).map(str::to_owned);
        let after = guard.is_some().then(|| self.fold(shorten(split.rest, 4000)).into_owned());
        let folded = after.as_deref().unwrap_or(folded);
        let label = memchr::memchr(b':', &folded.as_bytes()[..folded.len().min(LONGEST)]);
        let body = label.map_or(folded, |end| &folded[end + 1..]);
        let body = past_marks(body);
        let Some(phrase) = self.lexicon.starts(Category::Goto, body) else { return false };
        let leaf = &self.doc.leaves[self.leaf];
        let linked = self.runs().iter().any(|r| self.doc.link(r).is_some_and(|l| l.starts_with('#') && l.len() > 1));
        let rest = body[phrase.len()..].trim_start();
        let named = ["section ", "secao ", "seccion "].iter().any(|w| rest.starts_with(w))
            || self.lexicon.label_starts(Category::Scenario, rest).is_some_and(|w| rest[w.len()..].len() < 24);
        let more = text.trim_end_matches('.').contains(". ");
        if !(linked || named) || more || text.len() > 200 || self.quiet() || leaf.quoted {
            return false;
        }
        let span = leaf.span();
        let title = if guard.is_some() { split.rest } else { text };
        let mut draft = self.draft(NodeKind::Goto, Origin::Paragraph, title, span.clone());
        draft.guard = guard.map(|guard| (guard, span.start));
        draft.text = self.source(&draft.span).to_owned();
        draft.rare().goto = Some(text.to_owned());
        self.push(draft);
        true
    }
}

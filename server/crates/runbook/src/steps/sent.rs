//! Steps and paragraphs that send to a step by its number.

use farol_api::graph::NodeKind;

use super::{Origin, Walker};
use crate::lexicon::{Category, Signs, split_leading};
use crate::numbered::Numbered;
use crate::sends;
use crate::words::shorten;

impl Walker<'_> {
    /// Tells whether a folded order is to go to a step that there is.
    pub(super) fn sends_to_step(&self, folded: &str) -> bool {
        let sends = sends::find(self.lexicon, folded).filter(|sends| sends.begins(self.lexicon, folded));
        let numbered = || self.numbered.get_or_init(|| Numbered::new(self.doc, self.lexicon, self.outline));
        sends.is_some_and(|sends| numbered().has(sends.step))
    }

    /// "If it is still down, see step 2.": goes on elsewhere.
    pub(super) fn points_to_step(&mut self, text: &str) -> bool {
        const LONGEST: usize = 200;
        let mentioned = self.may(text, Signs::POINTS) && self.lexicon.mentions(Category::Numbered, text);
        let more = text.trim_end_matches('.').contains(". ");
        if !mentioned || more || text.len() > LONGEST || self.quiet() || self.doc.leaves[self.leaf].quoted {
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
}

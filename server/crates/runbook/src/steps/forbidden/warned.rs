//! What the reader is warned of: sentences that forbid, wherever in them that is said.

use super::forbid::{self, Before};
use super::stance::{self, Stance};
use crate::doc::{Run, RunKind};
use crate::lexicon::{Category, Lexicon};
use crate::steps::Walker;
use crate::words::{past_marks, shorten};

/// The words of a text without the code spans that hold words which may forbid; nothing where there are none.
pub fn outside_quotes(lexicon: &Lexicon, runs: &[Run<'_>]) -> Option<String> {
    let quotes = |run: &Run<'_>| run.kind == RunKind::Code && run.text.contains(' ') && forbid::may(lexicon, run.text);
    let words = |run: &Run<'_>| match run.kind {
        RunKind::Break => "\n".to_owned(),
        _ if quotes(run) => "x".to_owned(),
        _ => run.text.to_owned(),
    };
    runs.iter().any(quotes).then(|| runs.iter().map(words).collect())
}

impl Walker<'_> {
    /// Tells whether a sentence forbids: it starts with "never", "não" or the like.
    pub(in crate::steps) fn prohibits(&self, text: &str) -> bool {
        let text = self.past_error(text);
        // A cross before a noun marks what is bad, before an order what must not be done.
        let crossed = is_crossed(text) && !self.quiet();
        if !crossed && !self.lexicon.may_start(Category::Prohibit, text) {
            return false;
        }
        let folded = self.fold(shorten(text, 200));
        let start = past_marks(&folded);
        let gerund = start.split(' ').next().is_some_and(|w| w.len() > 5 && (w.ends_with("ing") || w.ends_with("ndo")));
        crossed && (self.lexicon.is_imperative(start) || gerund) || forbid::starts(self.lexicon, start).is_some()
    }

    /// Tells whether a text forbids what it introduces, wherever in it that is said.
    pub(in crate::steps) fn forbids(&self, text: &str) -> bool {
        let text = shorten(self.past_error(text), 1000);
        let said = self.warns(text, |lexicon, folded| forbid::forbids(lexicon, folded, Before::Block));
        said || is_crossed(text) && self.prohibits(text)
    }

    /// Tells whether a text forbids something and orders nothing else.
    pub(in crate::steps) fn only_forbids(&self, text: &str) -> bool {
        let text = shorten(self.past_error(text), 1000);
        self.warns(text, forbid::only_forbids)
    }

    /// "If it answers `Error: cannot delete x`, run …": what a code span says forbids nothing.
    pub(in crate::steps) fn warns_outside_spans(&self) -> bool {
        let words = outside_quotes(self.lexicon, self.runs());
        words.is_none_or(|words| self.prohibits(&words) || self.only_forbids(&words))
    }

    /// Tells whether a text holds words that forbid, and passes a test when folded; what costs least is asked first.
    fn warns(&self, text: &str, test: impl Fn(&Lexicon, &str) -> bool) -> bool {
        let holds = || forbid::may(self.lexicon, text);
        match self.signs_of(text) {
            Some(signs) => signs.may(self.lexicon.forbids) && test(self.lexicon, &self.fold(text)) && holds(),
            None => holds() && test(self.lexicon, &self.fold(text)),
        }
    }

    /// Tells whether what stands here is past, and holds no command: it warns of nothing.
    pub(in crate::steps) fn is_only_history(&self) -> bool {
        let sections = &self.outline.sections;
        let past = |s: usize| sections[s].level > 1 && stance::past(self.lexicon, sections[s].name) == Stance::Forbids;
        self.forbidden && !self.runs().iter().any(Run::is_command) && self.outline.ancestors(self.section).any(past)
    }
}

fn is_crossed(text: &str) -> bool {
    let marked = !text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
    marked && text.trim_start().starts_with(['❌', '🚫', '⛔'])
}

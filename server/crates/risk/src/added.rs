//! The query whose rows an `INSERT` adds.

use std::ops::Range;

use farol_api::risk::Dialect;

use crate::change::Words;
use crate::part::{Part, part};

/// What an `INSERT` adds, as far as its words tell.
pub(crate) struct Added {
    /// The query, with the values that it takes.
    pub query: Part,
    /// Whether asked again it finds the same rows, as long as nobody changes these.
    pub steady: bool,
}

/// Returns the query of `INSERT INTO table [(columns)] query`; nothing where rows that are there already have a say in what is added.
pub(crate) fn added(dialect: Dialect, text: &str) -> Option<Added> {
    let words = Words::of(dialect, text)?;
    let range = words.query()?;
    let spans = words.tokens[range.start].span.start..words.tokens[range.end - 1].span.end;
    let mut marker = words.markers_before(spans.start);
    let query = part(dialect, text, spans, &mut marker)?;
    // Which rows a limit lets through may be chosen anew each time.
    let steady =
        words.is_steady(range.clone()) && ["LIMIT", "FETCH"].iter().all(|word| words.top(range.start, word).is_none());
    Some(Added { query, steady })
}

impl Words<'_> {
    fn query(&self) -> Option<Range<usize>> {
        let replaces = ["CONFLICT", "DUPLICATE"].iter().any(|word| self.top(0, word).is_some());
        if !self.is(0, "INSERT") || !self.is(1, "INTO") || replaces {
            return None;
        }
        let mut at = self.name(2)?;
        if self.is(at, "(") {
            at += 1 + self.tokens[at..].iter().position(|token| token.is(self.text, ")"))?;
        }
        let end = self.top(at, "RETURNING").unwrap_or(self.tokens.len());
        (at < end && (self.is(at, "SELECT") || self.is(at, "WITH"))).then_some(at..end)
    }
}

//! What one part of a text was found to do, and how parts combine.

use std::ops::Range;

use farol_api::risk::{RiskClass, RiskVerdict};
use farol_api::text::{Localized, Span};

/// A class with its reason, for one part of a text.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub class: RiskClass,
    pub en: String,
    pub pt: String,
    /// Bytes of the text that is being read.
    pub span: Option<Range<usize>>,
}

impl Finding {
    pub fn new(class: RiskClass, span: Option<Range<usize>>, en: impl Into<String>, pt: impl Into<String>) -> Self {
        Self { class, en: en.into(), pt: pt.into(), span }
    }

    pub fn unknown(span: Option<Range<usize>>, en: impl Into<String>, pt: impl Into<String>) -> Self {
        Self::new(RiskClass::Unknown, span, en, pt)
    }

    /// Keeps the higher class; the earlier reason where both are equal.
    pub fn raise(&mut self, other: Self) {
        if other.class > self.class {
            *self = other;
        }
    }

    /// Makes every place relative to a text in which this one starts at `offset`.
    pub fn shifted(mut self, offset: usize) -> Self {
        self.span = self.span.map(|span| span.start + offset..span.end + offset);
        self
    }

    /// Points at `span`, where the part that was read is not a verbatim piece of the text.
    pub fn at(mut self, span: Option<Range<usize>>) -> Self {
        self.span = span;
        self
    }

    /// Adds a sentence to the reason.
    pub fn noting(mut self, en: &str, pt: &str) -> Self {
        self.en = format!("{} {en}", self.en);
        self.pt = format!("{} {pt}", self.pt);
        self
    }

    /// Turns it into a verdict about `text`; a place that does not fit the text is dropped.
    pub fn into_verdict(self, text: &str) -> RiskVerdict {
        let span = self.span.filter(|span| span.start < span.end && text.get(span.clone()).is_some());
        RiskVerdict { class: self.class, why: Localized::new(self.en, self.pt), span: span.map(Span::from) }
    }
}

/// Combines the statements of a text: the highest class, and a note where there are several.
pub(crate) fn highest(findings: Vec<Finding>) -> Option<Finding> {
    let count = findings.len();
    let mut findings = findings.into_iter();
    let mut result = findings.next()?;
    findings.for_each(|finding| result.raise(finding));
    if count > 1 {
        result = result.noting(
            &format!("It is the highest class among {count} statements."),
            &format!("É a classe mais alta entre {count} instruções."),
        );
    }
    Some(result)
}

/// Shortens words of the text for a reason.
pub(crate) fn quoted(words: &str) -> String {
    const MOST: usize = 60;
    let flat = visible(words).split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= MOST {
        return format!("`{flat}`");
    }
    let short: String = flat.chars().take(MOST).collect();
    format!("`{short}…`")
}

/// Names the characters that nobody sees, or that only look like a blank: they are why a word is not the one that it
/// seems to be.
fn visible(words: &str) -> String {
    let mut shown = String::with_capacity(words.len());
    for char in words.replace("\r\n", "\n").chars() {
        let unseen = (char.is_control() && !matches!(char, '\n' | '\t'))
            || (char.is_whitespace() && !char.is_ascii())
            || matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        if unseen {
            shown.push_str(&format!("<U+{:04X}>", u32::from(char)));
        } else {
            shown.push(char);
        }
    }
    shown
}

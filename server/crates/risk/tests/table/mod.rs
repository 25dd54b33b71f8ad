//! Tables of cases: tab-delimited with the quoting rules of CSV, a heading line, `#` comment lines.

mod rows;

use farol_api::risk::Dialect;
use farol_risk::{class_word, classify};

pub use rows::rows;

/// Classifies every row but the heading, and fails with a list of all rows that come out otherwise.
pub fn check(text: &str, case: impl Fn(&[String]) -> (Dialect, String, String)) {
    let rows = rows(text);
    assert!(rows.len() > 10, "the table is too short to be real");
    let wrong: Vec<String> = rows[1..]
        .iter()
        .filter_map(|row| {
            let (dialect, text, wanted) = case(row);
            let verdict = classify(dialect, &text);
            let got = class_word(dialect, verdict.class);
            let pointed = verdict.span.map(|span| span.of(&text).to_owned());
            assert!(!verdict.why.en.is_empty() && !verdict.why.pt.is_empty(), "{text}: no reason");
            assert!(pointed.as_deref() != Some(""), "{text}: the span points at nothing");
            (got != wanted)
                .then(|| format!("{dialect:?} {text:?}: wanted {wanted}, got {got}: {} [{pointed:?}]", verdict.why.en))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len() - 1, wrong.join("\n"));
}

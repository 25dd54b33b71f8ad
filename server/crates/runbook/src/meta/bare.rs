//! Lines of a label and its value that are not bold: `Severity: SEV2 · Owner: Platform`.

use farol_api::runbook::MetadataKind;

use super::{Pair, is_fact, kind_of};
use crate::doc::{Run, RunKind, plain};
use crate::lexicon::Lexicon;

/// What stands between pairs of one line.
const BETWEEN: [&str; 4] = [" · ", " | ", " • ", "; "];

/// Tells whether a paragraph is nothing but labels that are known, with values that order nothing.
pub(super) fn holds(lexicon: &Lexicon, runs: &[Run<'_>]) -> bool {
    const LONGEST: usize = 400;
    let bytes: usize = runs.iter().map(|run| run.text.len()).sum();
    if bytes > LONGEST || !runs.iter().any(|run| memchr::memchr(b':', run.text.as_bytes()).is_some()) {
        return false;
    }
    let lines = runs.split(|run| run.kind == RunKind::Break);
    let mut telling = 0;
    let known = |text: &str| {
        let Some((label, value)) = pair(text) else { return (false, false) };
        let fact = is_fact(lexicon, label, value);
        (fact || kind_of(lexicon, label) == Some(MetadataKind::Other) && !value.contains(". "), fact)
    };
    let all = lines.map(plain).all(|line| {
        parts(&line).all(|part| {
            let (known, fact) = known(part);
            telling += usize::from(fact);
            known
        })
    });
    all && telling > 0
}

/// The labels and values of such a paragraph.
pub(super) fn pairs<'r>(runs: &'r [Run<'_>]) -> Vec<Pair<'r>> {
    let mut out = Vec::new();
    for line in runs.split(|run| run.kind == RunKind::Break) {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { continue };
        let text = plain(line);
        let found = parts(&text).filter_map(pair);
        out.extend(
            found.map(|(label, value)| {
                (label.to_owned().into(), value.to_owned().into(), first.start()..last.span().end)
            }),
        );
    }
    out
}

fn pair(text: &str) -> Option<(&str, &str)> {
    let (label, value) = text.split_once(':')?;
    let (label, value) = (label.trim(), value.trim());
    (!label.is_empty() && !value.is_empty()).then_some((label, value))
}

/// The parts of a line.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    let between = BETWEEN.into_iter().find(|mark| line.contains(mark));
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        let cut = between.and_then(|mark| text.split_once(mark));
        rest = cut.map(|(_, after)| after);
        Some(cut.map_or(text, |(before, _)| before).trim())
    })
}

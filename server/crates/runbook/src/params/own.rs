//! What a command sets itself, and where it expands nothing.

use rustc_hash::FxHashMap;

use super::is_variable;
use crate::words;

/// Where a command assigns each of its own variables first.
pub fn assignments(text: &str) -> FxHashMap<&str, usize> {
    let mut out = FxHashMap::default();
    if !text.contains('=') && !["for ", "read ", "select "].iter().any(|w| text.contains(w)) {
        return out;
    }
    let (mut at, mut before) = (0, "");
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ';' | '(' | '|' | '&')) {
        if matches!(before, "for" | "read" | "select" | "-r") && is_variable(word) {
            out.entry(word).or_insert(at + word.len());
        }
        before = if word.is_empty() { before } else { word };
        if let Some((name, _)) = word.split_once('=').filter(|(name, _)| is_variable(name)) {
            // The value itself may still use the variable of the same name: `X="$X:y"`.
            out.entry(name).or_insert(at + word.len());
        }
        at += word.len() + 1;
    }
    out
}

/// The body of a heredoc with a quoted delimiter: what looks like a variable there is text.
pub fn quoted_heredoc(text: &str) -> std::ops::Range<usize> {
    if !words::has(text, "<<") {
        return 0..0;
    }
    let found = ["<<'", "<< '", "<<\"", "<< \"", "<<-'", "<<-\""].iter().filter_map(|mark| text.find(mark)).min();
    let line = found.and_then(|at| text[at..].find('\n').map(|end| at + end + 1));
    line.map_or(0..0, |start| start..text.len())
}

//! Plain text of inline runs.

use std::borrow::Cow;

use super::{Run, RunKind};
use crate::words::squeeze;

/// Returns the plain text of runs: breaks are spaces, code spans keep their text.
pub fn plain<'r>(runs: &'r [Run<'_>]) -> Cow<'r, str> {
    match runs {
        [] => Cow::Borrowed(""),
        [run] if run.kind != RunKind::Html && run.kind != RunKind::Break => squeeze(&run.text),
        runs => Cow::Owned(joined(runs)),
    }
}

/// Returns the plain text of runs where it is not that of the one run that there is.
pub fn built(runs: &[Run<'_>]) -> Option<Box<str>> {
    match plain(runs) {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text.into_boxed_str()),
    }
}

fn joined(runs: &[Run<'_>]) -> String {
    let mut out = String::with_capacity(runs.iter().map(|run| run.text.len()).sum());
    for run in runs {
        match run.kind {
            RunKind::Break => out.push(' '),
            RunKind::Html => {}
            RunKind::Text | RunKind::Code => out.push_str(&run.text),
        }
    }
    match squeeze(&out) {
        Cow::Borrowed(_) => out,
        Cow::Owned(squeezed) => squeezed,
    }
}

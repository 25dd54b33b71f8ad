//! Plain text of inline runs.

use std::borrow::Cow;

use bumpalo::Bump;

use super::{Run, RunKind};
use crate::words::squeeze;

/// Returns the plain text of runs: breaks are spaces, code spans keep their text.
pub fn plain<'r>(runs: &'r [Run<'_>]) -> Cow<'r, str> {
    match runs {
        [] => Cow::Borrowed(""),
        [run] if run.kind != RunKind::Html && run.kind != RunKind::Break => squeeze(run.text),
        runs => Cow::Owned(joined(runs)),
    }
}

/// Returns the plain text of runs for as long as there is room for it.
pub fn kept<'a>(runs: &[Run<'a>], room: &'a Bump) -> &'a str {
    match runs {
        [] => "",
        [run] if run.kind != RunKind::Html && run.kind != RunKind::Break => match squeeze(run.text) {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => room.alloc_str(&text),
        },
        runs => {
            let mut out = bumpalo::collections::String::with_capacity_in(length(runs), room);
            runs.iter().for_each(|run| out.push_str(said(run)));
            let joined = out.into_bump_str();
            match squeeze(joined) {
                Cow::Borrowed(text) => text,
                Cow::Owned(text) => room.alloc_str(&text),
            }
        }
    }
}

fn length(runs: &[Run<'_>]) -> usize {
    runs.iter().map(|run| run.text.len()).sum()
}

const fn said<'a>(run: &Run<'a>) -> &'a str {
    match run.kind {
        RunKind::Break => " ",
        RunKind::Html => "",
        RunKind::Text | RunKind::Code => run.text,
    }
}

fn joined(runs: &[Run<'_>]) -> String {
    let mut out = String::with_capacity(length(runs));
    runs.iter().for_each(|run| out.push_str(said(run)));
    match squeeze(&out) {
        Cow::Borrowed(text) if text.len() == out.len() => out,
        squeezed => squeezed.into_owned(),
    }
}

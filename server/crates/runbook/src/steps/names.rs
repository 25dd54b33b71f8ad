//! Words that look like orders and are names, and items that only tell what a name stands for.

use crate::doc::{Run, RunKind};
use crate::words::first_word;

/// `ochotier_laravel.sql`: a name begins with what may look like a verb.
pub fn is_named(start: &str) -> bool {
    match start.as_bytes().get(first_word(start).len()..) {
        Some([b'_', ..]) => true,
        Some([b'.', next, ..]) => next.is_ascii_alphanumeric(),
        _ => false,
    }
}

/// "Backup directory: …": a thing, though "backup" orders too.
pub fn names_a_copy(start: &str) -> bool {
    const THINGS: [&str; 14] = [
        "directory",
        "folder",
        "password",
        "passwords",
        "monitoring",
        "size",
        "location",
        "retention",
        "frequency",
        "schedule",
        "policy",
        "window",
        "destination",
        "storage",
    ];
    start.strip_prefix("backup ").is_some_and(|rest| {
        let thing = first_word(rest);
        THINGS.contains(&thing) && rest[thing.len()..].starts_with(':')
    })
}

/// `` `DB_USER` ``: an item that is a name and nothing else.
pub fn is_only_a_name(runs: &[Run<'_>]) -> bool {
    matches!(runs, [run] if run.kind == RunKind::Code && !run.text.trim().contains(' '))
}

/// "`--clean`: removes what is there": what an option of a command does.
pub fn explains_an_option(runs: &[Run<'_>]) -> bool {
    let [first, next, ..] = runs else { return false };
    let name = first.text.trim();
    let letters = name.trim_start_matches('-');
    let option =
        (1..3).contains(&(name.len() - letters.len())) && letters.starts_with(|c: char| c.is_ascii_alphabetic());
    first.kind == RunKind::Code && option && next.text.trim_start().starts_with([':', '-', '–', '—', '→', '='])
}

//! Clauses that only sound like a prohibition, or that say what is to be done in its place.

use super::clauses::clauses;
use super::forbid::{past_leads, starts};
use super::running::{asks, verb_after};
use crate::lexicon::{Category, Lexicon};
use crate::words::{first_word, past_marks};

/// Tells whether a clause of a folded text says what is to be done in the place of what another one forbids.
pub fn says_instead(lexicon: &Lexicon, folded: &str) -> bool {
    clauses(folded).any(|clause| instead(lexicon, clause))
}

/// "Never merge, always rebase", "Do not use it. Instead use:": what is to be done in the place of what is forbidden.
pub fn instead(lexicon: &Lexicon, start: &str) -> bool {
    const ALWAYS: [&str; 3] = ["always ", "sempre ", "siempre "];
    const INSTEAD: [&str; 5] = ["instead", "em vez disso", "em vez dele", "en su lugar", "en vez de eso"];
    let start = past_marks(start).trim_end();
    let orders = |rest: &str| {
        let next = first_word(rest);
        // "never by hand, always in staging" says where.
        let placed = lexicon.is(Category::Place, next) || lexicon.is(Category::Small, next);
        let alone = || rest.trim_end_matches([':', '.', '*']) == next;
        !next.is_empty() && !placed && (lexicon.is_verb(next) || asks(lexicon, next) || alone())
    };
    let after = |leads: &[&str]| leads.iter().find_map(|lead| start.strip_prefix(lead)).map(str::trim_start);
    after(&INSTEAD).is_some_and(|rest| rest.is_empty() || orders(rest)) || after(&ALWAYS).is_some_and(orders)
}

/// "do not proceed", "não continue": to go no further, which forbids nothing that is shown.
pub fn halts(lexicon: &Lexicon, start: &str) -> bool {
    const GOING_ON: [&str; 6] = ["proceed", "continu", "prossig", "prosseg", "sigas", "avanc"];
    let start = past_leads(lexicon, start);
    let Some(phrase) = starts(lexicon, start) else { return false };
    let verb = verb_after(lexicon, &start[phrase.len()..]);
    GOING_ON.iter().any(|stem| verb.starts_with(stem))
}

/// "should not exceed 3000": how far a value may go.
pub fn is_bound(word: &str) -> bool {
    ["exceed", "surpass", "exced", "ultrapass", "sobrepas"].iter().any(|stem| word.starts_with(stem))
}

/// "This task never creates it": what something does by itself.
pub fn is_third_person(lexicon: &Lexicon, word: &str) -> bool {
    let stem = word.strip_suffix('s').unwrap_or("");
    lexicon.is_verb(stem) || stem.strip_suffix('e').is_some_and(|stem| lexicon.is_verb(stem)) || asks(lexicon, stem)
}

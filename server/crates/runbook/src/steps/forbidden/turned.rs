//! Clauses that only sound like a prohibition, or that say what is to be done in its place.

use super::forbid::{past_leads, starts};
use super::running::{asks, verb_after};
use crate::lexicon::{Category, Lexicon, split_leading};
use crate::steps::Walker;
use crate::steps::prose::clauses::Denials;
use crate::words::{first_word, past_marks, shorten, without_end};

impl Walker<'_> {
    /// "Don't guess the names. Look them up:": what follows is what to do instead.
    pub(in crate::steps) fn turns(&self, text: &str, last: &str) -> bool {
        let folded = self.fold(shorten(last, 200));
        last.len() < text.trim().len()
            // "Previously: the operator did it. Now create it.": also without a colon.
            && (text.trim_end().ends_with(':') || ["now ", "agora ", "ahora "].iter().any(|now| folded.starts_with(now)))
            && !self.forbids(last)
            && (self.lexicon.is_imperative(split_leading(self.lexicon, self.words(), &folded).rest)
                || self.lexicon.is_voseo(last))
    }
}

/// Tells whether a folded text says what to run in the place of what it forbids.
pub fn says_instead(lexicon: &Lexicon, folded: &str) -> bool {
    Denials::of(lexicon, folded).any(|clause| instead(lexicon, &folded[clause.at..]))
}

/// "Do not use it. Instead use:", "… Em vez disso, rode:": what is to be run in the place of what is forbidden.
///
/// "Instead, ask the on-call:" says nothing of what stands below.
pub fn instead(lexicon: &Lexicon, rest: &str) -> bool {
    const INSTEAD: [&str; 5] = ["instead", "em vez disso", "em vez dele", "en su lugar", "en vez de eso"];
    let start = past_marks(rest);
    let after = INSTEAD.iter().find_map(|lead| start.strip_prefix(lead));
    after.map(|rest| first_word(past_marks(rest))).is_some_and(|verb| asks(lexicon, verb) && verb != "call")
}

/// "Never merge, always rebase": how it is done; "never by hand, always in staging" says where, and "always ask first" what else.
pub fn always(lexicon: &Lexicon, start: &str) -> bool {
    let start = past_marks(start).trim_end();
    let rest = ["always ", "sempre ", "siempre "].iter().find_map(|lead| start.strip_prefix(lead));
    rest.is_some_and(|rest| {
        let next = first_word(rest);
        let placed = lexicon.is(Category::Place, next) || lexicon.is(Category::Small, next);
        !next.is_empty() && !placed && rest.trim_end_matches([':', '.', '*']) == next
    })
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

/// "Si prefieres no usar el cliente", "se optar por não usar a CLI": in a condition, what somebody does not choose; `at` is where
/// the "not" stands.
pub fn is_chosen(start: &str, at: usize) -> bool {
    const CHOICES: [&str; 8] = ["prefer", "prefier", "decid", "opt", "escolh", "elig", "elij", "quier"];
    let conditional = ["si ", "se ", "caso ", "if ", "cuando ", "quando "].iter().any(|word| start.starts_with(word));
    let before = start[..at].trim_end();
    let before = without_end(before, " por");
    let verb = before.rsplit(' ').next().unwrap_or("");
    conditional && CHOICES.iter().any(|stem| verb.starts_with(stem))
}

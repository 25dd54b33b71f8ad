//! What is forbidden: to run something, or something else.

use super::forbid::{past_leads, starts};
use crate::lexicon::{Category, Lexicon};
use crate::words::{first_word, past_marks};

/// "Never run this", "não usar em produção", and a "never" alone: what stands below must not be typed.
pub fn names_running(lexicon: &Lexicon, folded: &str) -> bool {
    let start = past_marks(folded);
    starts(lexicon, start).is_some_and(|phrase| {
        let next = first_word(&start[phrase.len()..]);
        asks(lexicon, next) || !lexicon.is_verb(next)
    })
}

/// The same for a comment in a script, where a plain "no" tells more often than it forbids.
pub fn names_its_running(lexicon: &Lexicon, folded: &str) -> bool {
    let start = past_leads(lexicon, past_marks(folded));
    let named = starts(lexicon, start).is_some_and(|phrase| {
        let rest = start[phrase.len()..].trim_start();
        let next = verb_after(lexicon, rest);
        let alone = next.is_empty() || lexicon.is(Category::Place, next);
        let said =
            phrase.rsplit_once(' ').is_some_and(|(_, word)| asks(lexicon, word) || runs_subjunctive(lexicon, word));
        said || asks(lexicon, next) || runs_subjunctive(lexicon, next) || alone && !matches!(phrase, "no" | "nao")
    });
    named || super::forbid::found(lexicon, start).is_some()
}

/// "Do not assume", "no suponga": what one thinks forbids no command.
pub fn presumes(lexicon: &Lexicon, rest: &str) -> bool {
    const VERBS: [&str; 14] = [
        "assume", "presume", "assuma", "assumam", "presuma", "presumam", "suponha", "suponham", "asuma", "asumas",
        "suponga", "supongas", "asumir", "assumir",
    ];
    // "Do not assume anything and do not run it" goes on.
    let goes_on = |word: &str| matches!(word, "and" | "or" | "nor" | "e" | "ou" | "nem" | "y" | "ni");
    VERBS.contains(&verb_after(lexicon, rest)) && !rest.split(' ').any(goes_on)
}

/// Tells whether a folded sentence asks to run something; "the wrong column type" asks for nothing.
pub fn is_asked_in(lexicon: &Lexicon, sentence: &str) -> bool {
    const BEFORE: [&str; 14] =
        ["to", "and", "then", "or", "you", "please", "just", "now", "must", "should", "can", "e", "y", "i"];
    let mut from = 0;
    while let Some((at, word)) = lexicon.find(Category::RunWord, &sentence[from..]) {
        let before = sentence[..from + at].trim_end();
        let last = before.rsplit(' ').next().unwrap_or("");
        let kind = word == "type" && last.ends_with(char::is_alphanumeric) && !BEFORE.contains(&last);
        if !kind {
            return true;
        }
        from += at + word.len();
    }
    false
}

/// "ejecutes", "rodem": an order to several people, or to a friend, to run something.
pub fn runs_subjunctive(lexicon: &Lexicon, word: &str) -> bool {
    let stem = word.strip_suffix('s').or_else(|| word.strip_suffix('m')).or_else(|| word.strip_suffix('n'));
    stem.is_some_and(|stem| asks(lexicon, stem))
}

pub fn asks(lexicon: &Lexicon, word: &str) -> bool {
    // A warning counts in whatever language it is.
    lexicon.label_is(Category::Run, word)
        || lexicon.label_is(Category::RunWord, word)
        || lexicon.label_is(Category::Doing, word)
}

/// "no ejecutes", "não rodem": an order to several people, or to a friend.
pub fn is_subjunctive(lexicon: &Lexicon, word: &str) -> bool {
    let stem = word.strip_suffix('s').or_else(|| word.strip_suffix('m')).or_else(|| word.strip_suffix('n'));
    stem.is_some_and(|stem| stem.ends_with(['e', 'a']) && (lexicon.is_verb(stem) || asks(lexicon, stem)))
}

/// The word after a "not", after the pronoun behind it ("no lo use") and after what only says how: "do not ever run".
pub fn verb_after<'t>(lexicon: &Lexicon, rest: &'t str) -> &'t str {
    let mut rest = rest;
    for _ in 0..3 {
        let word = first_word(rest);
        if !lexicon.label_is(Category::Adverb, word) {
            return word;
        }
        rest = &rest[rest.find(word).unwrap_or(0) + word.len()..];
    }
    first_word(rest)
}

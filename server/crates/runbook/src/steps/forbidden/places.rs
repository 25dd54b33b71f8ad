//! Where a command is to be run, and where it is not.

use crate::lexicon::{Category, Lexicon};
use crate::words::first_word;

/// "Never in production": where a command is not to be run at all.
pub fn names_system(lexicon: &Lexicon, clause: &str) -> bool {
    clause.split(|c: char| !c.is_alphanumeric()).any(|word| lexicon.label_is(Category::System, word))
}

/// "Run it in staging, never in production:" says where; "restore the copy, never in production:" does not.
pub fn is_elsewhere(lexicon: &Lexicon, earlier: &str) -> bool {
    // As many words as stand between: "in a new database that is disposable".
    const NEAR: usize = 4;
    let clause = earlier.trim_end_matches([',', ':', '(', ' ']).rsplit(['.', ';', ',', ':']).next().unwrap_or("");
    let words: Vec<&str> = clause.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.iter().enumerate().any(|(at, word)| {
        let near = &words[at.saturating_sub(NEAR)..at];
        lexicon.label_is(Category::Elsewhere, word)
            && near.iter().any(|word| lexicon.is(Category::Place, word) && *word != "para" && *word != "to")
    })
}

/// "Only on the server, never in the repository": where something is kept, and nothing that is run.
pub fn is_kept_out(lexicon: &Lexicon, phrase: &str, rest: &str) -> bool {
    const STORES: [&str; 5] = ["repository", "repo", "git", "github", "repositorio"];
    matches!(phrase, "never" | "nunca" | "jamais" | "jamas") && {
        let mut words = rest.split(' ').map(first_word).filter(|word| !word.is_empty());
        let placed = words.next().is_some_and(|word| lexicon.is(Category::Place, word) || matches!(word, "in" | "to"));
        let store = words.find(|word| !matches!(*word, "the" | "el" | "o"));
        placed && store.is_some_and(|word| STORES.contains(&word)) && words.next().is_none()
    }
}

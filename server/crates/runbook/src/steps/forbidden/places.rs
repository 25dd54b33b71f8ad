//! Where a command is to be run, and where it is not.

use crate::lexicon::{Category, Lexicon};

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

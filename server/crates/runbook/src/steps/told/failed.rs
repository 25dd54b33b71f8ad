//! Failures as people see them: "If you see an error like the following:" over a command and what it answered.

use crate::code;
use crate::doc::Doc;
use crate::lexicon::{Category, Lexicon};
use crate::words::trim;

/// Tells whether the folded sentence before a block calls it output, or what somebody may see go wrong; `announces` is whether it ends
/// in a colon, and `shows` whether it may speak of what is shown.
pub fn is_told(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize, sentence: &str, announces: bool, shows: bool) -> bool {
    announces && shows && super::of_output(lexicon, sentence) || is_seen(doc, lexicon, leaf, sentence, announces)
}

fn is_seen(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize, sentence: &str, announces: bool) -> bool {
    const FAILURES: [&str; 7] = ["error", "erro", "falha", "fallo", "failure", "messag", "mensa"];
    const POINTS: [&str; 24] = [
        "following error",
        "following message",
        "like the following",
        "like this",
        "like these",
        "similar to the following",
        "similar to this",
        "along the lines of",
        "erro a seguir",
        "erro abaixo",
        "seguinte erro",
        "seguinte mensagem",
        "como o seguinte",
        "como a seguinte",
        "como este",
        "como esta",
        "como esse",
        "como essa",
        "semelhante a est",
        "siguiente error",
        "siguiente mensaje",
        "como el siguiente",
        "como la siguiente",
        "similar a est",
    ];
    // What costs least is asked first: most blocks begin without a prompt.
    let holds = |words: &[&str]| words.iter().any(|word| crate::words::has(sentence, word));
    if !is_answered(doc, leaf) || !holds(&["rro", "fai", "fal", "mess", "mens"]) {
        return false;
    }
    // "If you get an error like this, delete the pod:" is followed by how.
    let ordered = sentence.split_once(", ").is_some_and(|(_, rest)| !trim(rest).is_empty());
    let seen = match lexicon.starts(Category::Guard, sentence) {
        Some(_) => holds(&FAILURES) && holds(&POINTS) && !(announces && ordered),
        None => announces && is_told_to_fail(lexicon, sentence),
    };
    seen && lexicon.find(Category::RunWord, sentence).is_none()
}

/// "You may see the following error", "o comando falha com": but not "the fix for this error" and "to get around this error".
fn is_told_to_fail(lexicon: &Lexicon, sentence: &str) -> bool {
    const TOLD: [&str; 26] = [
        "following error",
        "error like",
        "errors like",
        "error such as",
        "error similar",
        "error looks",
        "failure looks",
        "fails with",
        "fail with",
        "failed with",
        "failed run",
        "seguinte erro",
        "erro a seguir",
        "erro abaixo",
        "erro como",
        "erro parecido",
        "erro semelhante",
        "erro e parecido",
        "falha com",
        "falham com",
        "siguiente error",
        "error como",
        "error parecido",
        "error se parece",
        "falla con",
        "fallan con",
    ];
    const ENDS: [&str; 10] = [
        " this error",
        " an error",
        " it fails",
        " este erro",
        " um erro",
        " com erro",
        " a falha",
        " este error",
        " un error",
        " con error",
    ];
    const REMEDIES: [&str; 9] = ["fix", "solv", "solu", "resol", "around", "avoid", "evit", "corr", "help"];
    let holds = |text: &str, words: &[&str]| words.iter().any(|word| crate::words::has(text, word));
    // "It fails with an error, so delete the file:" goes on with what to do.
    let clause = sentence.rsplit_once(", ").map_or(sentence, |(_, clause)| clause);
    let told = holds(clause, &TOLD) || ENDS.iter().any(|end| clause.ends_with(end));
    let aims = ["to ", "para "].iter().any(|word| sentence.starts_with(word));
    told && !aims
        && !holds(sentence, &REMEDIES)
        && !sentence.split([',', ';']).any(|clause| lexicon.is_imperative(trim(clause)))
}

/// Tells whether a block begins with a prompt and holds more than that line.
fn is_answered(doc: &Doc<'_>, leaf: usize) -> bool {
    let text = doc.code(leaf).map_or("", |block| trim(block.text));
    let first = &text[..memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len())];
    first.len() < text.len() && code::may_have_prompt(first)
}

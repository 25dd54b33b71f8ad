//! Failures as people see them: "If you see an error like the following:" over a command and what it answered.

use crate::code;
use crate::doc::Doc;
use crate::lexicon::{Category, Lexicon};
use crate::words::trim;

/// Tells whether the folded sentence before a block calls it output, or what somebody may see go wrong; `announces` is whether it ends
/// in a colon, and `shows` whether it may speak of what is shown.
pub fn is_told(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize, sentence: &str, announces: bool, shows: bool) -> bool {
    announces && shows && super::told::of_output(lexicon, sentence) || is_seen(doc, lexicon, leaf, sentence, announces)
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
    let holds = |words: &[&str]| words.iter().any(|word| crate::words::has(sentence, word));
    // What costs least is asked first: most blocks begin without a prompt.
    if !is_answered(doc, leaf)
        || lexicon.starts(Category::GuardStrong, sentence).is_none()
        || !holds(&FAILURES)
        || !holds(&POINTS)
    {
        return false;
    }
    // "If you get an error like this, delete the pod:" is followed by how.
    let ordered = sentence.split_once(", ").is_some_and(|(_, rest)| !trim(rest).is_empty());
    let runs = lexicon.find(Category::RunWord, sentence).is_some();
    !(runs || announces && ordered)
}

/// Tells whether a block begins with a prompt and holds more than that line.
fn is_answered(doc: &Doc<'_>, leaf: usize) -> bool {
    let text = doc.code(leaf).map_or("", |block| trim(block.text));
    let first = &text[..memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len())];
    first.len() < text.len() && code::may_have_prompt(first)
}

//! What stands behind a box to tick, also where Markdown knows none: "☐ Packages are installed (`npm ci`)".

use crate::doc::{Run, plain};
use crate::lexicon::{Category, Lexicon};
use crate::steps::prose::spans::{fails, is_forbidden, runs_before_end};
use crate::words::{find_phrase, fold, shorten};

/// Boxes that are drawn where Markdown would have `[ ]`.
pub const BOXES: [char; 4] = ['☐', '☑', '⬜', '□'];

/// Boxes as they are typed in cells, which for Markdown are none.
pub const TYPED: [&str; 3] = ["[ ]", "[x]", "[X]"];

/// Returns what stands behind the box that a text begins with.
pub fn past_box(text: &str) -> &str {
    let drawn = text.trim_start_matches(BOXES);
    TYPED.iter().find_map(|typed| drawn.strip_prefix(typed)).unwrap_or(drawn).trim_start()
}

/// Tells whether a bracket holds a whole command alone, which brings about or shows what the box says.
pub fn is_in_brackets(lexicon: &Lexicon, runs: &[Run<'_>], at: usize) -> bool {
    let closed = runs.get(at + 1).is_some_and(|run| run.text.trim_start().starts_with(')'));
    runs[at].is_command()
        && closed
        && runs_before_end(runs, at, "(")
        && !is_forbidden(lexicon, runs, at)
        && !fails(lexicon, runs, at)
        && !is_denied(lexicon, runs, at)
}

/// "Nobody ran the clean-up (`rm -rf old`)", "El servicio no se reinició (`reboot`)": the command is what was not to be, or
/// was not needed.
fn is_denied(lexicon: &Lexicon, runs: &[Run<'_>], at: usize) -> bool {
    /// As much of what comes behind the bracket is looked at.
    const BEHIND: usize = 80;
    let before = fold(&plain(&runs[..at])).into_owned();
    // "If it is not gone, rebuild it (`make`)": what is denied there is when to do it.
    let ordered = before.split_once(", ").filter(|(when, _)| lexicon.starts(Category::Guard, when).is_some());
    let before = ordered.map_or(&*before, |(_, ordered)| ordered);
    denies(lexicon, before) || denies(lexicon, &fold(shorten(runs[at + 1].text, BEHIND)))
}

/// Tells whether a word of a folded text denies that something is done. "No errors", "sem erros", "sin errores" and "não mostram
/// erros" deny nothing of the kind, and "no" is none of these words in Portuguese.
pub fn denies(lexicon: &Lexicon, text: &str) -> bool {
    const WORDS: [&str; 22] = [
        "not", "never", "nobody", "none", "neither", "nor", "cannot", "nao", "nunca", "jamais", "jamas", "ninguem",
        "nenhum", "nenhuma", "nem", "nadie", "ningun", "ninguno", "ninguna", "tampoco", "tampouco", "dont",
    ];
    let spanish_no = lexicon.is(Category::Prohibit, "no");
    let words = || text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    let acts = |word: &str| lexicon.is_infinitive(word) || word.ends_with("ing");
    const SHOW: [&str; 16] = [
        "show",
        "shows",
        "mostra",
        "mostram",
        "muestra",
        "muestran",
        "exibe",
        "exibem",
        "apresenta",
        "apresentam",
        "contem",
        "contiene",
        "contienen",
        "tem",
        "tiene",
        "tienen",
    ];
    let shows = |next: Option<&str>| next.is_some_and(|next| SHOW.contains(&next));
    let denying = |word: &str| WORDS.contains(&word) || word.ends_with("n't") || spanish_no && word == "no";
    let nexts = words().skip(1).map(Some).chain([None]);
    words().zip(nexts).any(|(word, next)| denying(word) && !shows(next))
        || find_phrase(text, "no one", 0).is_some()
        || words().zip(words().skip(1)).any(|(word, next)| matches!(word, "without" | "sem" | "sin") && acts(next))
}

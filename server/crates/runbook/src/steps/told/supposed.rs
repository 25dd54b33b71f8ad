//! "Unless you run `x`", "whoever runs `x` loses the data", "running `x` deletes all": what would happen, which orders nothing.

use crate::doc::{Run, RunKind};
use crate::lexicon::{Category, Lexicon};
use crate::steps::forbidden::running::{asks, runs_subjunctive};
use crate::steps::prose::last_of;
use crate::words::{self, first_word, fold, fold_in_place, shorten};

/// Tells whether the words around a code span only say what would happen if somebody ran it, or who may.
pub fn is(lexicon: &Lexicon, runs: &[Run<'_>], at: usize) -> bool {
    let before = fold_in_place(crate::doc::plain(&runs[at.saturating_sub(4)..at]));
    let clause = before.trim_end().rsplit(['.', ';', ',', ':', '!', '?', '(', '—', '–']).next().unwrap_or("").trim();
    if before.trim_end().strip_suffix(':').is_some_and(|label| is_told_by(lexicon, label)) {
        return true;
    }
    if is_text(lexicon, runs, at, clause) || BEWARE.iter().any(|words| clause.ends_with(words)) {
        return true;
    }
    let mut words = clause.rsplit(' ').filter(|word| !word.is_empty());
    let Some(verb) = words.next() else { return false };
    match verb {
        // In English these forms order nothing.
        "runs" | "executes" | "calls" | "invokes" | "chama" => true,
        // "El script llama a", "the outage began with".
        "a" => words.next() == Some("llama"),
        "with" | "com" | "con" => words.next().is_some_and(|word| BEGAN.contains(&word)),
        _ if !runs_it(lexicon, verb) => false,
        _ => depends(lexicon, verb, words) || clause == verb && names_doing(verb) && goes_on(lexicon, runs, at),
    }
}

/// What tells how something went wrong.
const BEGAN: [&str; 6] = ["started", "began", "comecou", "iniciou", "empezo", "inicio"];

/// "Trigger:", "The user typed:": a label of what was done.
fn is_told_by(lexicon: &Lexicon, label: &str) -> bool {
    const ENDS: [bool; 256] = words::table(b".;,(\n\x93\x94");
    let last = words::behind_signs(label, &ENDS);
    let last = last.trim_matches(|c: char| !c.is_alphanumeric());
    lexicon.label_is(Category::ToldLabel, last) || super::said::is(lexicon, last_of(label))
}

/// What warns of the command behind it.
const BEWARE: [&str; 7] =
    ["beware of", "cuidado com", "cuidado com o", "cuidado con", "cuidado con el", "atencao ao", "ojo con"];

/// "Remove `x` from the crontab", "replace `x` with `y`": a command as a text.
fn is_text(lexicon: &Lexicon, runs: &[Run<'_>], at: usize, clause: &str) -> bool {
    const BEHIND: [&str; 20] = [
        "from", "with", "by", "in", "out", "de", "do", "da", "dos", "das", "del", "por", "con", "com", "en", "em",
        "no", "na", "nos", "nas",
    ];
    // "Remova o `x` do crontab".
    let last = |clause: &str| {
        let mut words = clause.rsplit(' ').skip_while(|word| lexicon.label_is(Category::Article, word));
        words.next().is_some_and(|word| lexicon.label_is(Category::Swaps, word))
    };
    if last(clause) {
        let next = runs.get(at + 1).filter(|run| run.kind == RunKind::Text && run.text.starts_with(' '));
        return next.is_some_and(|run| BEHIND.contains(&first_word(&fold(shorten(run.text.trim_start(), 24)))));
    }
    // The one that is put in its place.
    let Some(other) = at.checked_sub(2).filter(|other| runs[*other].kind == RunKind::Code) else { return false };
    let swapped = matches!(fold(runs[at - 1].text.trim()).as_ref(), "with" | "by" | "por" | "con" | "com");
    swapped && last(fold(&crate::doc::plain(&runs[other.saturating_sub(2)..other])).trim_end())
}

/// Tells whether a folded sentence before a block says that nobody is to run it, or that others did: "make sure that nobody
/// runs this:", "the attacker managed to run:".
pub fn is_of_others(lexicon: &Lexicon, sentence: &str) -> bool {
    /// "This in production".
    const REST: usize = 4;
    if is_told_by(lexicon, sentence) {
        return true;
    }
    let clause = sentence.rsplit([',', ';', '(', '—', '–']).next().unwrap_or("").trim();
    let Some((at, hinder)) = lexicon.label_find(Category::Hinders, clause) else { return false };
    if lexicon.starts(Category::Guard, clause).is_some() {
        return false;
    }
    let mut words = clause[at + hinder.len()..].split(' ').filter(|word| !word.is_empty());
    // "Keep running it" orders, "keep anybody from running it" does not.
    let mut kept = !matches!(hinder, "keep" | "keeps" | "stop" | "stops");
    // "Check that nobody is connected and run this" orders.
    let between = |word: &str| {
        let small = SMALL.contains(&word) || matches!(word, "que" | "from" | "on" | "se" | "else");
        small || lexicon.label_is(Category::Somebody, word)
    };
    let run = words.by_ref().map(first_word).find(|word| {
        kept |= *word == "from";
        runs_it(lexicon, word) || !between(word)
    });
    let run = run.filter(|word| runs_it(lexicon, word));
    let rest: Vec<&str> = words.map(first_word).collect();
    let itself = rest.first().is_none_or(|word| word.is_empty() || lexicon.label_is(Category::Itself, word));
    run.is_some() && kept && itself && rest.len() <= REST
}

/// Tells whether a verb hangs on a condition, or on words that make it no order; they go backwards, from the verb on.
fn depends<'t>(lexicon: &Lexicon, verb: &str, mut words: impl Iterator<Item = &'t str>) -> bool {
    /// "Unless somebody has already", "the risk of", "permissão para".
    const BETWEEN: usize = 4;
    let mut behind = verb;
    for _ in 0..=BETWEEN {
        let Some(word) = words.next() else { return false };
        let of = |category: Category| lexicon.label_is(category, word);
        if of(Category::Supposes) || of(Category::Governs) {
            return true;
        }
        match word {
            // "A menos que", "a não ser que", "o mesmo que": alone it says less.
            "que" => {
                // "O cron que roda".
                let led =
                    |word: &str| lexicon.label_is(Category::Except, word) || lexicon.label_is(Category::Program, word);
                return words.next().is_some_and(led);
            }
            "one" => return words.next() == Some("no"),
            // "Antes execute" orders, "antes de executar" does not; "later on run" does, "on running" does not.
            "antes" => return behind == "de",
            "on" | "upon" | "from" => return verb.ends_with("ing"),
            "not" => return words.next().is_some_and(|word| MAY.contains(&word)),
            // "Ontem foi preciso executar", "it was necessary to run".
            "preciso" | "necessario" | "necesario" | "necessary" => {
                return words.next().is_some_and(|was| WERE.contains(&was));
            }
            _ if of(Category::Somebody) || SMALL.contains(&word) => {}
            _ => return false,
        }
        behind = word;
    }
    false
}

/// What may stand before a verb without a sense of its own.
const SMALL: [&str; 7] = ["to", "de", "a", "para", "of", "as", "the"];

/// What stands before "not" where it forbids nothing: "a user who may not run".
const MAY: [&str; 8] = ["may", "does", "did", "can", "could", "might", "would", "has"];

/// What makes it the past.
const WERE: [&str; 4] = ["foi", "fue", "era", "was"];

/// "ejecutas", "executa", "runs": also as one tells of it.
fn runs_it(lexicon: &Lexicon, word: &str) -> bool {
    const STEMS: [&str; 8] = ["execut", "ejecut", "running", "runs", "roda", "rode", "corra", "corre"];
    asks(lexicon, word) || runs_subjunctive(lexicon, word) || STEMS.iter().any(|stem| word.starts_with(stem))
}

/// "running", "executar": what a sentence may speak of.
fn names_doing(verb: &str) -> bool {
    verb.ends_with("ing") || verb.ends_with('r')
}

/// "… deletes all": what comes of it.
fn goes_on(lexicon: &Lexicon, runs: &[Run<'_>], at: usize) -> bool {
    runs.get(at + 1).is_some_and(|run| {
        let next = fold(shorten(run.text.trim_start(), 40));
        run.kind == RunKind::Text && run.text.starts_with(' ') && lexicon.label_is(Category::Comes, first_word(&next))
    })
}

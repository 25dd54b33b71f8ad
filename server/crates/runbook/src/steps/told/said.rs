//! "A failed run prints:", "the command that caused the outage:", "this no longer works:": sentences over what is only told.

use crate::lexicon::{Category, Lexicon, NOTS};
use crate::steps::Walker;
use crate::words::{first_word, has, past_marks, shorten, spaced, table, trim};

impl Walker<'_> {
    /// "This no longer works:" over a list.
    pub(in crate::steps) fn tells_what_is_over(&self, text: &str, last: &str) -> bool {
        let listed = || {
            let next = self.doc.leaves.get(self.leaf + 1);
            next.is_some_and(|leaf| leaf.item.is_some() && leaf.item != self.doc.leaves[self.leaf].item)
        };
        text.trim_end().ends_with(':') && listed() && is_over(self.lexicon, &self.fold(shorten(last, 200)))
    }
}

/// Tells whether a folded sentence before a block says that nobody is to run it, or only tells of it; `announces` is whether it ends in a
/// colon, `heading` whether it is one.
pub fn is_tale(lexicon: &Lexicon, sentence: &str, announces: bool, heading: bool) -> bool {
    announces
        && (super::supposed::is_of_others(lexicon, sentence)
            || super::of_an_image(lexicon, sentence)
            || super::of_what_it_uses(sentence))
        || heading && is(lexicon, sentence)
}

/// Tells whether the last clause of a folded sentence says that what follows is what something says, what somebody did, what
/// broke something, or what is of no use; it orders nothing then.
pub fn is(lexicon: &Lexicon, sentence: &str) -> bool {
    let (clause, last) = last_clause(sentence);
    says(lexicon, clause, last) || is_over_in(lexicon, clause, last)
}

/// The same of all but what something says: what nobody is to do again.
pub fn is_over(lexicon: &Lexicon, sentence: &str) -> bool {
    let (clause, last) = last_clause(sentence);
    is_over_in(lexicon, clause, last)
}

fn is_over_in(lexicon: &Lexicon, clause: &str, last: &str) -> bool {
    tells_what_was_done(lexicon, clause, last) || blames(lexicon, clause) || is_useless(lexicon, clause)
}

/// The last clause of a sentence, and its last word.
fn last_clause(sentence: &str) -> (&str, &str) {
    const MARKS: [bool; 256] = table(b",;(:\xe2");
    let sentence = trim(sentence).trim_end_matches(':');
    let dashed = |at: usize| sentence[at..].starts_with(['—', '–']);
    let bytes = sentence.as_bytes();
    let mark = |at: &usize| MARKS[usize::from(bytes[*at])] && (bytes[*at].is_ascii() || dashed(*at));
    let cut = (0..bytes.len()).rev().find(mark);
    let clause =
        past_marks(cut.map_or(sentence, |at| &sentence[at + if bytes[at].is_ascii() { 1 } else { '—'.len_utf8() }..]));
    let last = memchr::memrchr(b' ', clause.as_bytes()).map_or(clause, |at| &clause[at + 1..]);
    (clause, first_word(last))
}

/// "A healthy node answers", "wait until it prints": but not "check what it prints", which is followed by how.
fn says(lexicon: &Lexicon, clause: &str, last: &str) -> bool {
    const NONE: [&str; 10] = ["de", "be", "is", "are", "was", "were", "been", "to", "lo", "se"];
    let noun = lexicon.label_is(Category::SaysNoun, last);
    let Some((before, _)) = clause.rsplit_once(' ') else { return false };
    let two = &clause[before.rfind(' ').map_or(0, |at| at + 1)..];
    if !noun && ![last, two].into_iter().any(|words| lexicon.label_is(Category::Says, words)) {
        return false;
    }
    // "Nightly reports" are some.
    if noun && !lexicon.label_is(Category::Determiner, first_word(clause)) {
        return false;
    }
    // "As the manual says".
    let compares = ["as", "like", "como", "conforme", "segun", "segundo"].contains(&first_word(clause));
    if compares
        || lexicon.starts(Category::GuardStrong, clause).is_some()
        || told_otherwise(before, &NONE)
        || asks_for_it(lexicon, clause)
    {
        return false;
    }
    !lexicon.is_imperative(clause) || spaced(clause).any(|word| matches!(word, "until" | "ate" | "hasta"))
}

/// "El nodo no responde" is a problem, "datos de muestra" are a thing, "as it will be logged" and "a ser executado" tell nothing that
/// was; `before` is what stands before the last word, and `none` what may not stand right before it.
fn told_otherwise(before: &str, none: &[&str]) -> bool {
    let mut words = before.rsplit(' ').map(first_word);
    let (last, second, third) = (words.next(), words.next(), words.next());
    // "Um nó": a noun.
    let node = |article: Option<&str>| matches!(article, Some("um" | "o" | "do" | "cada" | "este" | "esse"));
    let denies =
        |word: Option<&str>, before| word.is_some_and(|word| NOTS.contains(&word) && !(word == "no" && node(before)));
    last.is_some_and(|word| none.contains(&word)) || denies(last, second) || denies(second, third)
}

/// "See what it wrote" asks for it, "this is what it wrote" shows it.
fn asks_for_it(lexicon: &Lexicon, clause: &str) -> bool {
    [" what ", " which ", " how ", " o que ", " lo que "].iter().any(|word| has(clause, word))
        && !lexicon.label_is(Category::Demonstrative, first_word(clause))
}

/// "Before 2024 we did", "what the attacker ran", "no incidente foi executado".
fn tells_what_was_done(lexicon: &Lexicon, clause: &str, last: &str) -> bool {
    // "Yo ejecuto", "the command to be executed".
    const NONE: [&str; 11] = ["be", "is", "are", "to", "yo", "lo", "a", "ser", "sera", "seja", "sea"];
    let done = |word: &str| lexicon.label_is(Category::Did, word);
    let asks = ["what ", "lo que ", "o que "].iter().any(|word| clause.starts_with(word));
    let before = clause.rsplit_once(' ').map(|(before, _)| before);
    let told = done(last) && before.is_some_and(|before| !told_otherwise(before, &NONE))
        || asks && spaced(clause).skip(1).any(|word| done(first_word(word)));
    let year = || clause.strip_prefix("antes de ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    told && (lexicon.starts(Category::Guard, clause).is_none() || year())
        && !lexicon.is_imperative(clause)
        && !asks_for_it(lexicon, clause)
}

/// "The command that caused the outage", "a query que derrubou o banco".
fn blames(lexicon: &Lexicon, clause: &str) -> bool {
    /// "The last big query that".
    const BEFORE: usize = 5;
    let mut words = spaced(clause).enumerate().take(BEFORE);
    let Some((at, _)) = words.find(|(_, word)| matches!(*word, "that" | "which" | "que")) else { return false };
    // What is said of it may stand between: "the query from the report that".
    let typed = || spaced(clause).take(at).any(|word| lexicon.label_is(Category::Typed, first_word(word)));
    let broke = || spaced(clause).skip(at + 1).take(2).any(|word| lexicon.label_is(Category::Broke, first_word(word)));
    let purpose = || ["to ", "para ", "how ", "como "].iter().any(|word| clause.starts_with(word));
    typed() && broke() && !purpose() && !lexicon.is_imperative(clause)
}

/// "This does not work", "este comando já não funciona": but not "if this does not work", nor "the service does not work".
fn is_useless(lexicon: &Lexicon, clause: &str) -> bool {
    let word = first_word(clause);
    if !lexicon.label_is(Category::Demonstrative, word) {
        return false;
    }
    let rest = past_marks(&clause[word.len()..]);
    let noun = first_word(rest);
    let typed = [Category::Typed, Category::BadNoun].into_iter().any(|category| lexicon.label_is(category, noun));
    let rest = if typed { past_marks(&rest[noun.len()..]) } else { rest };
    lexicon.label_starts(Category::Useless, rest).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Language;

    fn of(language: Option<Language>, text: &str) -> bool {
        is(Lexicon::of(language), &crate::words::fold(text))
    }

    #[test]
    fn what_is_only_told_orders_nothing() {
        for (language, text) in [
            (None, "A failed run prints:"),
            (None, "If the disk is full, the job's log ends with:"),
            (None, "Wait until it says:"),
            (None, "This is what the log says:"),
            (None, "The node reports:"),
            (None, "Before 2024 we did:"),
            (None, "What the operator did:"),
            (None, "The command that caused the outage:"),
            (None, "This no longer works:"),
            (None, "These commands will fail on a replica:"),
            (Some(Language::Pt), "Uma restauração com defeito imprime:"),
            (Some(Language::Pt), "Um nó responde:"),
            (Some(Language::Pt), "No incidente foi executado:"),
            (Some(Language::Pt), "O que a equipe fez:"),
            (Some(Language::Pt), "A query que derrubou o banco:"),
            (Some(Language::Pt), "Isto já não funciona:"),
            (Some(Language::Es), "Un nodo sano responde:"),
            (Some(Language::Es), "Lo que ejecutó el atacante:"),
            (Some(Language::Es), "El comando que provocó la caída:"),
            (Some(Language::Es), "Esto fallará:"),
            (Some(Language::Es), "Durante el incidente se ejecutó:"),
            (None, "During the incident this was executed:"),
        ] {
            assert!(of(language, text), "{text}");
        }
    }

    #[test]
    fn what_leads_to_a_command_is_no_tale() {
        for (language, text) in [
            (None, "Check what the node reports:"),
            (None, "See what it wrote:"),
            (None, "Look at what the log says:"),
            (None, "If the node answers:"),
            (None, "Nightly reports:"),
            (None, "Purge them, so that recent events will be logged:"),
            (None, "After you ran it:"),
            (None, "Find the query that caused the lock:"),
            (None, "The service does not work:"),
            (None, "If this does not work:"),
            (None, "The command that lists the sessions:"),
            (None, "This does not work on a replica, so promote it first:"),
            (Some(Language::Pt), "Veja o que o nó responde:"),
            (Some(Language::Pt), "Se isto não funcionar:"),
            (Some(Language::Pt), "Comando a ser executado:"),
            (Some(Language::Pt), "Encontre a query que derrubou o banco:"),
            (Some(Language::Es), "Si el nodo no responde:"),
            (Some(Language::Es), "El nodo no responde:"),
            (Some(Language::Es), "El estado no se muestra:"),
            (Some(Language::Es), "Para probar con datos de muestra:"),
            (Some(Language::Es), "Opción B (yo lo ejecuto):"),
            (Some(Language::Es), "Busque el comando que bloqueó la tabla:"),
        ] {
            assert!(!of(language, text), "{text}");
        }
    }
}

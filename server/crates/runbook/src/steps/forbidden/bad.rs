//! Titles that call what stands below bad, old or forbidden: "Deprecated", "O jeito antigo", "Comandos que ya no usamos".

use super::running::asks;
use crate::lexicon::{Category, FORMERLY, Lexicon};
use crate::words::{first_word, has, past_marks};

/// As many words as such a title has.
const MOST: usize = 9;

/// Words of which one stands in most titles of commands that nobody is to type.
const NOTS: [&str; 14] = [
    "not",
    "no",
    "never",
    "don't",
    "dont",
    "cannot",
    "can't",
    "mustn't",
    "shouldn't",
    "nao",
    "nunca",
    "jamais",
    "jamas",
    "avoid",
];

/// What points at the commands below: "the following no longer work".
const POINTING: [&str; 8] = ["these", "following", "estes", "estas", "seguintes", "estos", "siguientes", "ones"];

/// Tells whether a folded title calls what it stands over bad.
///
/// What stands behind it in brackets, behind a colon or a dash says more of it: "Old way (before 2024)".
pub fn is_title(lexicon: &Lexicon, folded: &str) -> bool {
    let start = past_number(past_marks(folded));
    // Most titles begin with a word that none of these begins with.
    let head = past_articles(start);
    if is_of_refused(start) {
        return true;
    }
    if !lexicon.may_call_bad(head) || !lexicon.calls_bad(first_word(head)) {
        return false;
    }
    let end = head.find([':', '–', '—', '(', ',', ';', '!', '?', '/', '|', '[', '.']).unwrap_or(head.len());
    let end = head[..end].find(" - ").unwrap_or(end);
    let mut words = [""; MOST];
    let mut many = 0;
    for word in head[..end].split(' ').map(first_word).filter(|word| !word.is_empty()) {
        match words.get_mut(many) {
            Some(place) => *place = word,
            None => return false,
        }
        many += 1;
    }
    // "Old - remove these": what is ordered behind it is meant to be done.
    if many == 1 && is_system(words[0]) && lexicon.is_imperative(past_marks(&head[end..])) {
        return false;
    }
    says(lexicon, &words[..many])
}

/// "Denylist (refused outright)", "Lista negra de comandos", "Dangerous-command sweep": what a program looks out for, to refuse it.
///
/// A list of addresses is one to work with.
fn is_of_refused(title: &str) -> bool {
    const LISTS: [&str; 6] = ["denylist", "deny list", "deny-list", "blocklist", "blacklist", "lista negra"];
    const OF: [&str; 5] = ["command", "comando", "refused", "recusad", "rechazad"];
    let any = |words: &[&str]| words.iter().any(|word| has(title, word));
    title.starts_with("dangerous-command") || has(title, "list") && any(&LISTS) && any(&OF)
}

/// Tells whether a folded cell of a table says that its row is over: "deprecated", but not "legacy", which may be a system.
pub fn is_over(lexicon: &Lexicon, folded: &str) -> bool {
    let start = past_marks(folded);
    let word = first_word(start);
    lexicon.label_is(Category::BadAlone, word) && past_marks(&start[word.len()..]).is_empty() && !is_system(word)
}

/// "Original command (incorrect)", but not "Password (incorrect)".
pub fn marks_wrong(lexicon: &Lexicon, folded: &str) -> bool {
    let Some((before, rest)) = folded.split_once('(') else { return false };
    let aside = rest.split(')').next().unwrap_or("").trim();
    lexicon.label_is(Category::Wrong, aside)
        && before.split(' ').any(|word| lexicon.label_is(Category::BadNoun, first_word(word)))
}

/// "legacy", "heredado", "antigo": a system, or another thing, may be called so.
pub fn is_system(word: &str) -> bool {
    const STEMS: [&str; 6] = ["lega", "hered", "old", "antig", "velho", "viejo"];
    STEMS.iter().any(|stem| word.starts_with(stem)) && !word.contains(' ')
}

fn says(lexicon: &Lexicon, words: &[&str]) -> bool {
    let is = |category: Category, word: &str| lexicon.label_is(category, word);
    let noun = |word: &str| is(Category::BadNoun, word);
    let (words, formerly) = match words {
        [first, rest @ ..] if FORMERLY.contains(first) => (rest, true),
        words => (words, false),
    };
    let [first, rest @ ..] = words else { return false };
    let Some((second, behind)) = rest.split_first() else { return is(Category::BadAlone, first) };
    let bad =
        |word: &str| is(Category::Bad, word) || is(Category::BadAlone, word) || formerly && is(Category::Used, word);
    // "Old way of deploying", but not "Old commands table".
    let ends = behind.first().is_none_or(|word| {
        is(Category::PartOf, word) || is(Category::Place, word) || matches!(*word, "for" | "que" | "that")
    });
    // "Comandos más usados": a short word stands before what it speaks of.
    ends && (bad(first) && noun(second) || noun(first) && bad(second) && second.len() > 3)
        || noun(first) && (rejects(lexicon, rest) || has_ended(lexicon, rest))
        || is(Category::Shun, first)
            && (shuns(lexicon, first, rest) || POINTING.contains(first) && has_ended(lexicon, rest))
        // "The wrong command was".
        || bad(first) && noun(second) && matches!(behind, ["was" | "foi" | "fue"])
        || noun(first) && bad(second) && matches!(behind, ["was" | "foi" | "fue"])
}

/// "… that we no longer use", "… a não usar", "… to avoid": what is said of commands that nobody is to type.
fn rejects(lexicon: &Lexicon, rest: &[&str]) -> bool {
    let last = rest.last().copied().unwrap_or("");
    let before = rest.len().checked_sub(2).map_or("", |at| rest[at]);
    if is_avoided(before, last) {
        return true;
    }
    let Some(at) = rest.iter().position(|word| NOTS.contains(word)) else { return false };
    let people = ["we", "you", "one", "nobody", "they", "se", "must", "should", "can", "may"];
    let purpose = at.checked_sub(1).is_some_and(|at| matches!(rest[at], "to" | "a" | "para"));
    let person = purpose || rest.iter().any(|word| people.contains(word)) || matches!(rest[at], "cannot" | "can't");
    let mut before = rest[at];
    // "… that are not allowed".
    if rest[at + 1..].iter().take(2).any(|word| lexicon.label_is(Category::Permitted, word)) {
        return true;
    }
    rest[at + 1..].iter().take(5).any(|word| {
        let led = person || matches!(before, "to" | "be" | "been" | "ser");
        before = word;
        let active = [Category::Active, Category::RunWord, Category::DoneTo, Category::Do];
        lexicon.label_is(Category::Used, word)
            || led && active.into_iter().any(|category| lexicon.label_is(category, word))
    })
}

/// "to avoid", "a evitar".
fn is_avoided(before: &str, last: &str) -> bool {
    matches!(before, "to" | "a") && matches!(last, "avoid" | "evitar")
}

/// "… that no longer work", "… que dejaron de funcionar": commands of another release.
fn has_ended(lexicon: &Lexicon, rest: &[&str]) -> bool {
    let Some(at) = rest.iter().position(|word| lexicon.label_is(Category::Working, word)) else { return false };
    let has = |words: &[&str], any: &[&str]| words.iter().any(|word| any.contains(word));
    let before = &rest[..at];
    has(before, &["longer", "stopped", "ceased", "deixaram", "pararam", "dejaron"])
        || has(before, &NOTS) && (has(before, &["ya", "ja"]) || has(rest, &["anymore", "mais", "mas"]))
}

/// "What you should not do", "lo que no hay que hacer", "errors to avoid": what nobody is to do, said in a sentence.
fn shuns(lexicon: &Lexicon, first: &str, rest: &[&str]) -> bool {
    if let [.., before, last] = rest
        && is_avoided(before, last)
    {
        return true;
    }
    let leads = |word: &&&str| lexicon.label_is(Category::ShunLead, word);
    // "This is how not to do it", "é assim que não se faz".
    let tells = matches!(first, "this" | "isto" | "isso" | "esto" | "eso" | "e" | "asi" | "assim");
    let told = |word: &&&str| tells && matches!(**word, "is" | "how" | "e" | "es" | "assim" | "asi" | "que" | "como");
    let before = rest.iter().take_while(|word| leads(word) || told(word)).count();
    let Some((not, behind)) = rest[before..].split_first() else { return false };
    // "What you cannot do" is a limit.
    if !NOTS.contains(not) || matches!(*not, "cannot" | "can't") {
        return false;
    }
    let led = behind.iter().take_while(leads).count();
    let Some(verb) = behind.get(led) else { return false };
    // "Lo que no hace" tells what something does not do; "lo que no se hace" what people do not.
    let told = matches!(*verb, "hace" | "hacen" | "faz" | "fazem") && !behind[..led].contains(&"se");
    // "How not to use root" is a task.
    let run = || !matches!(first, "how" | "como") && asks(lexicon, verb);
    !told && (lexicon.label_is(Category::Do, verb) || run())
}

fn past_articles(start: &str) -> &str {
    const LONGEST: usize = 8;
    let mut rest = start;
    while let Some(end) = rest.as_bytes()[..rest.len().min(LONGEST + 1)].iter().position(|byte| *byte == b' ')
        && matches!(
            &rest[..end],
            "the"
                | "our"
                | "some"
                | "o"
                | "a"
                | "lo"
                | "os"
                | "as"
                | "el"
                | "la"
                | "los"
                | "las"
                | "nossos"
                | "nuestros"
        )
    {
        rest = &rest[end + 1..];
    }
    rest
}

/// "Bad queries", "consultas ruins": examples of them, or how to find them.
pub fn is_of_queries(lexicon: &Lexicon, folded: &str) -> bool {
    const QUERIES: [&str; 4] = ["query", "queries", "consulta", "consultas"];
    // All of these have a `u`, and most titles have none.
    if memchr::memchr(b'u', folded.as_bytes()).is_none() {
        return false;
    }
    let start = past_articles(past_marks(folded));
    let end = |text: &str| memchr::memchr(b' ', text.as_bytes()).unwrap_or(text.len());
    let first = end(start);
    let rest = start.get(first + 1..).unwrap_or("");
    let (first, second) = (first_word(&start[..first]), first_word(&rest[..end(rest)]));
    let of = |noun: &str, word: &str| QUERIES.contains(&noun) && lexicon.label_is(Category::Bad, word);
    of(first, second) && second.len() > 3 || of(second, first)
}

/// "4.2 Legacy": the number of a heading.
fn past_number(start: &str) -> &str {
    let digits = start.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b')')).count();
    // "403 Forbidden": what a server answered.
    if digits == 0 || start[..digits].bytes().all(|byte| byte.is_ascii_digit()) {
        start
    } else {
        past_marks(&start[digits..])
    }
}

/// "Avoid downtime", "evitar perda de dados", "avoid peak hours": what nobody types is to be avoided.
pub fn avoids_harm(lexicon: &Lexicon, start: &str) -> bool {
    const FAR: usize = 7;
    let word = first_word(start);
    let mut words = start.split(' ').skip(1).take(FAR).map(first_word);
    // "Avoid running this at peak hours" speaks of the command.
    lexicon.label_is(Category::Avoid, word)
        && words.clone().any(|word| lexicon.label_is(Category::Harm, word))
        && !words.next().is_some_and(|word| {
            asks(lexicon, word) || lexicon.label_is(Category::Itself, word) || matches!(word, "running" | "doing")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_call_commands_bad_are_told_from_others() {
        let of = |text: &str| is_title(Lexicon::of(None), &crate::words::fold(text));
        for text in [
            "Deprecated",
            "The old way",
            "Commands we no longer use",
            "O jeito antigo",
            "4. Legado",
            "Old way: by hand",
        ] {
            assert!(of(text), "{text}");
        }
        for text in ["Deprecated images", "Old backups", "Commands that do not run", "Commands to avoid downtime", ""] {
            assert!(!of(text), "{text}");
        }
    }
}

//! The words that runbooks are found by.
//!
//! Both databases are given the same words, folded here to `a-z 0-9`, so that both find the same runbooks in the same
//! order: their own analysers differ in what a word is.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How words are made. A higher one makes those of all runbooks anew.
pub(super) const VERSION: i64 = 3;

/// The longest word, in bytes; a longer one is cut, in texts and in what is searched for alike.
const LONGEST: usize = 40;
/// The most bytes of different words that are kept of one runbook: Postgres keeps no more than 1 MiB of them.
const MOST: usize = 512 * 1024;
/// Up to this length a beginning is kept as a word of its own: very many words begin so, and going through the documents
/// of each while somebody types the first letters takes long.
const BEGINNING: usize = 3;
/// What ends a beginning; no word ends so.
const MARK: char = '_';
/// The most words that are searched for at once.
const SOUGHT: usize = 12;

/// The words of one runbook, each once for each place that it stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(String);

impl Words {
    /// Collects the words of a title, of headings and names (alerts, tags, services), and of the whole text.
    pub fn of<'a>(title: &str, names: impl IntoIterator<Item = &'a str>, text: &str) -> Self {
        let folded_title = folded(title);
        let mut folded_names = folded_title.clone();
        for name in names {
            folded_names.push(' ');
            fold_into(name, &mut folded_names);
        }
        let mut all = folded(text);
        all.push(' ');
        all.push_str(&folded_names);
        let mut words = String::with_capacity(all.len() / 2);
        for (mark, folded) in [("__", &folded_title), ("_", &folded_names), ("", &all)] {
            add(&mut words, mark, folded);
        }
        Self(words)
    }

    /// Returns them with those of the runbook's id, which count as its title's.
    pub(super) fn with_id(&self, id: &str) -> String {
        let mut words = self.0.clone();
        let id = folded(id);
        for mark in ["__", "_", ""] {
            add(&mut words, mark, &id);
        }
        words
    }
}

/// What is searched for, for the one database and the other.
pub(super) struct Sought {
    words: Vec<String>,
}

impl Sought {
    /// Reads what somebody typed; nothing where there is no word in it.
    pub(super) fn read(text: &str) -> Option<Self> {
        let folded = folded(text);
        let words: Vec<String> = folded.split_ascii_whitespace().take(SOUGHT).map(str::to_owned).collect();
        (!words.is_empty()).then_some(Self { words })
    }

    /// All words at one place, the last one as the beginning of a word, as SQLite reads it.
    pub(super) fn sqlite(&self, mark: &str) -> String {
        let (words, last) = self.split();
        let words: String = words.iter().map(|word| format!("\"{mark}{word}\" AND ")).collect();
        if last.len() <= BEGINNING {
            format!("{words}\"{mark}{last}{MARK}\"")
        } else {
            format!("{words}\"{mark}{last}\" *")
        }
    }

    /// The same as Postgres reads it.
    pub(super) fn postgres(&self, mark: &str) -> String {
        let (words, last) = self.split();
        let words: String = words.iter().map(|word| format!("'{mark}{word}' & ")).collect();
        if last.len() <= BEGINNING {
            format!("{words}'{mark}{last}{MARK}'")
        } else {
            format!("{words}'{mark}{last}':*")
        }
    }

    fn split(&self) -> (&[String], &str) {
        self.words.split_last().map_or((&[], ""), |(last, words)| (words, last.as_str()))
    }
}

fn add(words: &mut String, mark: &str, folded: &str) {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut begun: HashSet<&str> = HashSet::new();
    for word in folded.split_ascii_whitespace() {
        // A word, its beginnings, and what stands around them.
        if words.len() + word.len() + BEGINNING * (BEGINNING + 1) + (BEGINNING + 1) * (mark.len() + 1) > MOST {
            return;
        }
        if !seen.insert(word) {
            continue;
        }
        words.extend([mark, word, " "]);
        for beginning in (1..=BEGINNING).filter_map(|length| word.get(..length)) {
            if begun.insert(beginning) {
                words.extend([mark, beginning]);
                words.push(MARK);
                words.push(' ');
            }
        }
    }
}

fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    fold_into(text, &mut out);
    out
}

/// Writes the words of a text, a blank after each.
fn fold_into(text: &str, out: &mut String) {
    let mut start = out.len();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if c.is_ascii() {
            end_word(out, &mut start);
        } else {
            for part in std::iter::once(c).nfkd().filter(|part| !is_combining_mark(*part)) {
                fold_letter(part, out, &mut start);
            }
        }
    }
    end_word(out, &mut start);
}

/// A letter beyond ASCII that no decomposition brings there. One of another script stands as its number, so that it
/// can be found by its beginning like any other.
fn fold_letter(letter: char, out: &mut String, start: &mut usize) {
    for c in letter.to_lowercase() {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'þ' => out.push_str("th"),
            c if c.is_alphanumeric() => out.push_str(&format!("u{:x}z", u32::from(c))),
            c if is_combining_mark(c) => {}
            _ => end_word(out, start),
        }
    }
}

fn end_word(out: &mut String, start: &mut usize) {
    // What stands here is ASCII, so that any place is one to cut at.
    out.truncate(out.len().min(*start + LONGEST));
    if out.len() > *start {
        out.push(' ');
    }
    *start = out.len();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_whatever_their_accents_case_and_form() {
        assert_eq!(folded("Réplica ATRASADA: pg_stat—não"), "replica atrasada pg stat nao ");
        assert_eq!(folded("Re\u{301}plica ﬁla ２４h łódź Straße"), "replica fila 24h lodz strasse ");
        assert_eq!(folded(" …\u{301} \0"), "");
        assert!(folded("Жук").starts_with(folded("ж").trim_end()));
        assert_eq!(folded(&"a".repeat(100)).len(), LONGEST + 1);
    }

    #[test]
    fn a_word_is_kept_once_for_each_place() {
        let words = Words::of("Disk full", ["Disk", "Alert X"], "disk disk full df");
        let mut kept: Vec<_> = words.with_id("disk-2").split_whitespace().map(str::to_owned).collect();
        kept.retain(|word| !word.ends_with(MARK));
        kept.sort();
        kept.dedup();
        assert_eq!(
            kept,
            "2 _2 __2 __disk __full _alert _disk _full _x alert df disk full x".split(' ').collect::<Vec<_>>()
        );
    }

    #[test]
    fn short_beginnings_are_words_of_their_own() {
        let words = Words::of("Disk full", ["Alert"], "df disk");
        let mut kept: Vec<_> = words.0.split_whitespace().filter(|word| word.ends_with(MARK)).collect();
        kept.sort();
        let expected = "__d_ __di_ __dis_ __f_ __fu_ __ful_ _a_ _al_ _ale_ _d_ _di_ _dis_ _f_ _fu_ _ful_ \
                        a_ al_ ale_ d_ df_ di_ dis_ f_ fu_ ful_";
        assert_eq!(kept, expected.split(' ').collect::<Vec<_>>());
    }

    #[test]
    fn what_is_sought_holds_no_syntax_of_any_database() {
        let sought = Sought::read("réplica' & \"x\" OR (").unwrap();
        assert_eq!(sought.sqlite("_"), r#""_replica" AND "_x" AND "_or_""#);
        assert_eq!(sought.postgres("_"), "'_replica' & '_x' & '_or_'");
        let sought = Sought::read("x: réplica'").unwrap();
        assert_eq!(sought.sqlite(""), r#""x" AND "replica" *"#);
        assert_eq!(sought.postgres("__"), "'__x' & '__replica':*");
        assert!(Sought::read(" _ % ").is_none());
    }

    #[test]
    fn however_many_words_there_are_no_more_are_kept_than_a_database_takes() {
        let text: String = (0..200_000).map(|n| format!("word{n} ")).collect();
        assert!(Words::of("t", [], &text).0.len() <= MOST);
    }
}

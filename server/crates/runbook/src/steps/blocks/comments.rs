//! Comments in a code block: titles of the commands below them, or steps of their own.

use std::ops::Range;

use crate::folding::Words;
use crate::lexicon::{Category, Lexicon, split_guard};
use crate::steps::{items, strip_number};
use crate::words::{fold, shorten};

/// A comment line.
pub type Line = (String, Range<usize>);

/// Some comment lines that say one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whether it is numbered.
    pub numbered: bool,
    /// Its lines.
    pub lines: Vec<Line>,
}

impl Entry {
    /// Its first line without a number.
    pub fn head(&self) -> &str {
        self.lines.first().map_or("", |(text, _)| strip_number(text))
    }

    /// Tells whether it asks for something: in its first line, or under a number in any.
    pub fn orders(&self, lexicon: &Lexicon) -> bool {
        let lines = if self.numbered { self.lines.len() } else { 1 };
        self.lines.iter().take(lines).any(|(text, _)| items::orders(lexicon, Words::NONE, strip_number(text)))
            || self.numbered && orders_in_english(self.head())
    }

    /// "3. Test all of it" over "- Create a shop" and "- Send an invoice": what is ordered below its first line, where
    /// nothing else stands there; `source` is the block's text.
    pub fn parts(&self, lexicon: &Lexicon, source: &str) -> &[Line] {
        let listed = |range: &Range<usize>| {
            source.get(range.clone()).is_some_and(|line| line.trim_start_matches(['#', ' ']).starts_with("- "))
        };
        let orders = |text: &str| !text.contains(':') && lexicon.is_imperative(&fold(shorten(text, 200)));
        let lines = self.lines.get(1..).filter(|lines| self.numbered && lines.len() > 1).unwrap_or_default();
        if lines.iter().all(|(text, range)| listed(range) && orders(text)) { lines } else { &[] }
    }

    /// Where it stands in the block's text.
    pub fn range(&self) -> Range<usize> {
        let start = self.lines.first().map_or(0, |(_, r)| r.start);
        let end = self.lines.last().map_or(start, |(_, r)| r.end);
        start..end
    }

    /// Its words.
    pub fn text(&self) -> String {
        self.lines.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// "3. Update Bitwarden con la nueva clave": under a number an English verb orders in any language.
fn orders_in_english(head: &str) -> bool {
    /// "Backup de la base", "deploy automático": there the verb is a noun.
    const NOUNS: [&str; 16] = [
        "de",
        "do",
        "da",
        "dos",
        "del",
        "con",
        "com",
        "e",
        "y",
        "o",
        "ou",
        "desde",
        "em",
        "en",
        "automatico",
        "temporal",
    ];
    let folded = fold(shorten(head, 200));
    folded.split(' ').nth(1).is_some_and(|word| !NOUNS.contains(&word)) && Lexicon::of(None).is_imperative(&folded)
}

/// Splits a group of comment lines at its numbers.
pub fn entries(lines: Vec<Line>) -> Vec<Entry> {
    let mut out: Vec<Entry> = Vec::new();
    for line in lines {
        let numbered = strip_number(&line.0).len() < line.0.trim().len();
        match out.last_mut() {
            Some(entry) if !numbered => entry.lines.push(line),
            _ => out.push(Entry { numbered, lines: vec![line] }),
        }
    }
    out
}

/// What a group directly above a command says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Above {
    /// Entries that are steps of their own.
    pub own: Vec<Entry>,
    /// The command's title.
    pub title: String,
    /// The command's condition.
    pub guard: Option<String>,
    /// All words.
    pub text: String,
    /// Whether the command's own entry has a number.
    pub numbered: bool,
    /// Where the command's own entry stands in the block's text.
    pub range: Range<usize>,
}

/// Reads the comment lines directly above a command.
pub fn above(lexicon: &Lexicon, lines: Vec<Line>) -> Above {
    let mut own = entries(lines);
    let Some(mut last) = own.pop() else { return Above::default() };
    // "4. If it is right, promote" / "Or dump and restore": the command belongs to the second.
    let turn = last.lines.iter().skip(1).position(|(text, _)| {
        let folded = fold(text);
        lexicon.starts(Category::Alternative, &folded).is_some() && lexicon.is_imperative(&folded)
    });
    if let Some(turn) = turn.filter(|_| last.numbered) {
        let rest = last.lines.split_off(turn + 1);
        own.push(std::mem::replace(&mut last, Entry { numbered: false, lines: rest }));
    }
    let (text, range) = (last.text(), last.range());
    let (title, guard) = title_of(lexicon, &last);
    Above { own, title, guard, text, numbered: last.numbered, range }
}

fn title_of(lexicon: &Lexicon, entry: &Entry) -> (String, Option<String>) {
    let mut guard = None;
    let mut title: Option<&str> = None;
    let mut last = 0;
    for (i, (line, _)) in entry.lines.iter().enumerate() {
        if is_wrapped(&entry.lines, i) {
            continue;
        }
        let split = split_guard(lexicon, Words::NONE, strip_number(line));
        // "…of a hash. A new" / "COPY wants one, and if it is gone": what a sentence says in passing is no condition.
        let apart = |guard: &&str| !goes_on(&entry.lines, i) || line.trim_start().starts_with(guard);
        guard = guard.or(split.guard.filter(apart).map(str::to_owned));
        let imperative = lexicon.is_imperative(&fold(shorten(split.rest, 200)));
        let better = imperative && !entry.numbered;
        if title.is_none() || better && !entry.numbered && i > 0 && !was_imperative(lexicon, title) {
            title = Some(split.rest);
            last = i;
        }
    }
    let mut title = title.unwrap_or("").to_owned();
    // "Check that the worker" / "is registered": one sentence over two lines.
    for (line, _) in entry.lines.iter().skip(last + 1).take(2) {
        if title.is_empty() || !title.ends_with(char::is_alphanumeric) || !line.starts_with(char::is_lowercase) {
            break;
        }
        title.push(' ');
        title.push_str(line);
    }
    (title, guard)
}

/// "…of this copy. It is" / "skipped if there is none": a line that goes on with the sentence of a full one above it.
fn is_wrapped(lines: &[Line], at: usize) -> bool {
    goes_on(lines, at) && lines[at].0.trim_start().starts_with(char::is_lowercase)
}

/// Tells whether the line above one is full, and its sentence is not over.
fn goes_on(lines: &[Line], at: usize) -> bool {
    const FULL: usize = 56;
    let above = at.checked_sub(1).map_or("", |above| lines[above].0.trim_end());
    above.chars().count() >= FULL && !above.ends_with(['.', ':', ';', '!', '?', ','])
}

fn was_imperative(lexicon: &Lexicon, title: Option<&str>) -> bool {
    title.is_some_and(|t| lexicon.is_imperative(&fold(shorten(t, 200))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Language;

    fn read(lines: &[&str]) -> Above {
        let lines = lines.iter().map(|l| ((*l).to_owned(), 0..1)).collect();
        above(Lexicon::of(Some(Language::Pt)), lines)
    }

    #[test]
    fn the_line_that_orders_is_the_title() {
        let above = read(&["Se muitas conexões idle, pode ser leak", "Reiniciar API para limpar pool"]);
        assert_eq!(above.title, "Reiniciar API para limpar pool");
        assert_eq!(above.guard.as_deref(), Some("Se muitas conexões idle"));
        assert_eq!(read(&["1. Identificar timestamp", "Formato: X"]).title, "Identificar timestamp");
    }

    #[test]
    fn a_line_that_goes_on_with_a_sentence_says_nothing_of_its_own() {
        let above = read(&[
            "Os volumes têm os nomes do compose, e o que estava vazio na cópia não",
            "restaura nada. O que falta se a cópia falhou antes do fim dela mesma",
            "se perde quando ela termina",
        ]);
        assert_eq!(above.guard, None);
        assert!(above.title.starts_with("Os volumes"), "{}", above.title);
    }

    #[test]
    fn numbers_before_the_last_are_steps_of_their_own() {
        let above = read(&["1. No painel, abrir", "2. Criar branch", "- Parent: main", "3. Testar"]);
        assert_eq!(above.own.len(), 2);
        assert_eq!(above.title, "Testar");
        let above = read(&["4. Se corretos, promover branch", "Ou fazer dump e restore"]);
        assert_eq!(above.own[0].head(), "Se corretos, promover branch");
        assert_eq!(above.title, "Ou fazer dump e restore");
    }
}

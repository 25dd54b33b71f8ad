//! Phrases of one category, found by their first byte.

use crate::words::{fold, latin1, shorten};

/// Folded phrases, sorted.
pub struct Phrases {
    list: Vec<&'static str>,
    /// Where in `list` the phrases with each first byte start; all that start beyond ASCII stand together at the end.
    first: [u16; 130],
    /// Which pairs of first bytes any phrase may start with; most texts are told apart here.
    pairs: [u64; PAIRS / 64],
    /// Which bytes the first letter of a phrase may have in a text that is not folded.
    letters: [bool; 256],
}

/// How many kinds of pairs are told apart.
const PAIRS: usize = 1024;

impl Phrases {
    /// Sorts phrases; there are fewer than 65,536 of them.
    pub fn new(mut list: Vec<&'static str>) -> Self {
        list.sort_unstable();
        list.dedup();
        let mut first = [0; 130];
        for phrase in &list {
            first[slot_of(phrase.as_bytes()[0]) + 1] += 1;
        }
        for slot in 1..first.len() {
            first[slot] += first[slot - 1];
        }
        let mut pairs = [0; PAIRS / 64];
        let mut note = |pair: usize| pairs[pair / 64] |= 1 << (pair % 64);
        for phrase in &list {
            match phrase.as_bytes() {
                [first] => (0..=u8::MAX).for_each(|second| note(pair_of(*first, second))),
                [first, second, ..] => note(pair_of(*first, *second)),
                [] => {}
            }
        }
        let mut letters = [false; 256];
        letters[0xc2..].fill(!list.is_empty());
        for byte in list.iter().map(|phrase| phrase.as_bytes()[0]) {
            letters[usize::from(byte)] = true;
            letters[usize::from(byte.to_ascii_uppercase())] = true;
        }
        Self { list, first, pairs, letters }
    }

    /// Tells whether any phrase starts like a text, by its first two bytes.
    pub fn starts_like(&self, text: &[u8]) -> bool {
        let Some(first) = text.first() else { return false };
        let pair = pair_of(*first, text.get(1).copied().unwrap_or(0));
        self.pairs[pair / 64] >> (pair % 64) & 1 == 1
    }

    /// Returns the phrases that may start with a byte.
    fn starting(&self, byte: u8) -> &[&'static str] {
        let slot = slot_of(byte);
        &self.list[usize::from(self.first[slot])..usize::from(self.first[slot + 1])]
    }

    /// Returns the longest phrase that a folded text starts with, at a word's end.
    pub fn starts(&self, text: &str) -> Option<&'static str> {
        if !self.starts_like(text.as_bytes()) {
            return None;
        }
        let near = self.starting(*text.as_bytes().first()?);
        // Sorted, the longer of two that start alike comes later.
        near.iter().rev().find(|phrase| crate::words::starts_with_phrase(text, phrase)).copied()
    }

    /// Tells whether a text is one of the phrases.
    pub fn contains(&self, text: &str) -> bool {
        self.starts_like(text.as_bytes())
            && text.as_bytes().first().is_some_and(|byte| self.starting(*byte).binary_search(&text).is_ok())
    }

    /// Finds the first phrase at word boundaries of a folded text, the longest of those that start there.
    pub fn find(&self, text: &str) -> Option<(usize, &'static str)> {
        let bytes = text.as_bytes();
        let mut from = 0;
        while let Some(at) = self.next(bytes, from) {
            from = after(bytes, at);
            if !self.starts_like(&bytes[at..]) || begins_within(text, at) {
                continue;
            }
            if let Some(phrase) = self.starts(&text[at..]) {
                return Some((at, phrase));
            }
        }
        None
    }

    /// Tells whether a text that is not folded holds a phrase; only where one may be is it folded.
    pub fn are_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let mut from = 0;
        while let Some(at) = self.next(bytes, from) {
            from = after(bytes, at);
            let next = at + 1 + bytes[at + 1..].iter().take_while(|byte| matches!(byte, 0x80..=0xbf)).count();
            let Some(head) = folded_byte(text, at).zip(folded_byte(text, next)) else {
                return self.find(&fold(text)).is_some();
            };
            if !self.starts_like(&[head.0, head.1]) {
                continue;
            }
            if at > 0 && !bytes[at - 1].is_ascii() {
                return self.find(&fold(text)).is_some();
            }
            if self.starts_unfolded(&text[at..]) {
                return true;
            }
        }
        false
    }

    /// Finds the next byte, from one that no word begins before, where a phrase may start by its first letter.
    fn next(&self, bytes: &[u8], mut from: usize) -> Option<usize> {
        loop {
            if self.letters[usize::from(*bytes.get(from)?)] {
                return Some(from);
            }
            from = after(bytes, from);
        }
    }

    /// Tells whether a text that is not folded starts with a phrase, at a word's end.
    fn starts_unfolded(&self, text: &str) -> bool {
        const LOOK: usize = 80;
        let head = &text.as_bytes()[..text.len().min(LOOK)];
        if !head.is_ascii() {
            return self.starts(&fold(shorten(text, LOOK))).is_some();
        }
        let ends = |at: usize| head.get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
        let same =
            |phrase: &&str| head.get(..phrase.len()).is_some_and(|start| start.eq_ignore_ascii_case(phrase.as_bytes()));
        self.starting(head[0].to_ascii_lowercase()).iter().any(|phrase| same(phrase) && ends(phrase.len()))
    }

    /// Returns all phrases.
    pub fn all(&self) -> &[&'static str] {
        &self.list
    }
}

/// The next place behind a byte where a word may begin.
fn after(bytes: &[u8], at: usize) -> usize {
    if !INNER[usize::from(bytes[at])] {
        return at + 1;
    }
    let inner = bytes[at + 1..].iter().position(|byte| !INNER[usize::from(*byte)]);
    inner.map_or(bytes.len(), |inner| at + 1 + inner + 1)
}

/// Tells whether a byte stands within a character or a word.
fn begins_within(text: &str, at: usize) -> bool {
    at > 0 && !text.as_bytes()[at - 1].is_ascii() && (!text.is_char_boundary(at) || ends_in_letter(&text[..at]))
}

fn slot_of(byte: u8) -> usize {
    usize::from(byte.min(128))
}

/// What stands before a byte that no word begins with: letters, digits, `_` and `-`.
const INNER: [bool; 256] = {
    let mut inner = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        inner[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        byte += 1;
    }
    inner
};

/// What the character at a byte of a text is when folded, 0 where the text ends, and nothing
/// where that is not told by a look.
fn folded_byte(text: &str, at: usize) -> Option<u8> {
    match text.as_bytes().get(at..).unwrap_or(&[]) {
        [] => Some(0),
        [byte, ..] if byte.is_ascii() => Some(byte.to_ascii_lowercase()),
        // Apostrophes are folded too; dashes, other quotes, arrows and signs stay what they are.
        [0xe2, 0x80, 0x98 | 0x99 | 0x9b, ..] => Some(b'\''),
        [0xe2, 0x80, 0x90..=0xa7, ..] | [0xe2, 0x86 | 0x94..=0x9d, ..] => Some(0xe2),
        [0xc3, low, ..] => latin1(*low),
        _ => None,
    }
}

/// The first two bytes of a text from its first letter or digit on, in lower case; nothing where they are not ASCII.
pub fn head_of(text: &str) -> Option<[u8; 2]> {
    let bytes = text.as_bytes();
    let start = bytes.iter().take_while(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric()).count();
    let head = [bytes.get(start), bytes.get(start + 1)].map(|byte| byte.copied().unwrap_or(0));
    head.iter().all(u8::is_ascii).then(|| head.map(|byte| byte.to_ascii_lowercase()))
}

fn pair_of(first: u8, second: u8) -> usize {
    (usize::from(first) ^ usize::from(second) << 3 ^ usize::from(second) >> 5) % PAIRS
}

fn ends_in_letter(text: &str) -> bool {
    text.chars().next_back().is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_searched_without_folding_it_first() {
        let phrases = Phrases::new(vec!["ir para", "ver", "see", "à"]);
        for text in
            ["Ver X", "É ÍR para", "— see", "x—Vér", "ve\u{301}r", "\u{301}see", "Išee", "ao ir páráx", "é", "não há"]
        {
            assert_eq!(phrases.are_in(text), phrases.find(&fold(text)).is_some(), "{text}");
        }
    }

    #[test]
    fn the_longest_phrase_at_a_word_s_start_is_found() {
        let phrases = Phrases::new(vec!["se", "se for", "após", "in case of", "in case"]);
        assert_eq!(phrases.starts("se for x"), Some("se for"));
        assert_eq!(phrases.starts("se forem x"), Some("se"));
        assert_eq!(phrases.starts("sem x"), None);
        assert_eq!(phrases.find("conecta-se base → se"), Some((20, "se")));
        assert_eq!(phrases.find("ése se"), Some((5, "se")), "a letter before is no boundary, whatever its script");
        assert!(phrases.contains("in case") && !phrases.contains("in"));
    }
}

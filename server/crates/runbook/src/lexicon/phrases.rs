//! Phrases of one category, found by their first byte.

use crate::words::{fold, latin1, shorten};

/// Folded phrases, found by their first two bytes.
pub struct Phrases {
    /// Those of more than one byte by their slot, sorted within it.
    list: Vec<&'static str>,
    /// Where in `list` each slot starts.
    slots: [u16; SLOTS + 1],
    /// Those of one byte.
    letters: Vec<&'static str>,
    /// Which pairs of first bytes any phrase may start with; most texts are told apart here.
    pairs: [u64; PAIRS / 64],
    /// Which bytes the first letter of a phrase may have in a text that is not folded.
    first: [bool; 256],
}

/// How many kinds of pairs are told apart.
const PAIRS: usize = 1024;

/// How many of them share a slot is no matter, as long as they are few.
const SLOTS: usize = 256;

impl Phrases {
    /// Sorts phrases; there are fewer than 65,536 of them.
    pub fn new(phrases: Vec<&'static str>) -> Self {
        let (letters, mut list): (Vec<_>, Vec<_>) = phrases.into_iter().partition(|phrase| phrase.len() == 1);
        let head = |phrase: &str| [phrase.as_bytes()[0], phrase.as_bytes()[1]];
        list.sort_unstable_by_key(|phrase| (slot_of(head(phrase)), *phrase));
        list.dedup();
        let (mut slots, mut pairs, mut first) = ([0; SLOTS + 1], [0; PAIRS / 64], [false; 256]);
        let mut note = |pair: usize| pairs[pair / 64] |= 1 << (pair % 64);
        for phrase in &list {
            slots[slot_of(head(phrase)) + 1] += 1;
            note(pair_of(head(phrase)));
        }
        for slot in 1..slots.len() {
            slots[slot] += slots[slot - 1];
        }
        for letter in &letters {
            (0..=u8::MAX).for_each(|second| note(pair_of([letter.as_bytes()[0], second])));
        }
        first[0xc2..].fill(!list.is_empty() || !letters.is_empty());
        for byte in list.iter().chain(&letters).map(|phrase| phrase.as_bytes()[0]) {
            first[usize::from(byte)] = true;
            first[usize::from(byte.to_ascii_uppercase())] = true;
        }
        Self { list, slots, letters, pairs, first }
    }

    /// Tells whether any phrase starts like a text, by its first two bytes.
    pub fn starts_like(&self, text: &[u8]) -> bool {
        let pair = pair_of(head(text));
        !text.is_empty() && self.pairs[pair / 64] >> (pair % 64) & 1 == 1
    }

    /// Returns the phrases that may start with two bytes, but for those of one.
    fn alike(&self, head: [u8; 2]) -> &[&'static str] {
        let slot = slot_of(head);
        &self.list[usize::from(self.slots[slot])..usize::from(self.slots[slot + 1])]
    }

    /// Returns the longest phrase that a folded text starts with, at a word's end.
    pub fn starts(&self, text: &str) -> Option<&'static str> {
        if !self.starts_like(text.as_bytes()) {
            return None;
        }
        let third = text.as_bytes().get(2);
        let starts = |phrase: &&str| {
            // Most that start alike differ in the next byte.
            phrase.as_bytes().get(2).is_none_or(|byte| Some(byte) == third)
                && crate::words::starts_with_phrase(text, phrase)
        };
        // Sorted, the longer of two that start alike comes later.
        let found = self.alike(head(text.as_bytes())).iter().copied().rfind(starts);
        found.or_else(|| self.letters.iter().copied().find(starts))
    }

    /// Tells whether a text is one of the phrases.
    pub fn contains(&self, text: &str) -> bool {
        let found = || self.alike(head(text.as_bytes())).binary_search(&text).is_ok();
        self.starts_like(text.as_bytes()) && (found() || self.letters.contains(&text))
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
            let second = next_char(bytes, at);
            let Some(head) = folded_byte(text, at).zip(folded_byte(text, second)) else {
                return self.find(&fold(text)).is_some();
            };
            let third = folded_byte(text, next_char(bytes, second));
            if !self.starts_like(&[head.0, head.1]) || !self.may_go_on([head.0, head.1], third) {
                continue;
            }
            if at > 0 && !bytes[at - 1].is_ascii() && !ends_in_mark(&bytes[..at]) {
                return self.find(&fold(text)).is_some();
            }
            if self.starts_unfolded(&text[at..]) {
                return true;
            }
        }
        false
    }

    /// Tells whether a phrase that starts with two bytes may go on with a third, as far as that is known.
    fn may_go_on(&self, head: [u8; 2], third: Option<u8>) -> bool {
        let Some(third) = third.filter(|_| head.is_ascii() && self.letters.is_empty()) else { return true };
        self.alike(head).iter().any(|phrase| phrase.as_bytes().get(2).is_none_or(|byte| *byte == third))
    }

    /// Finds the next byte, from one that no word begins before, where a phrase may start by its first letter.
    fn next(&self, bytes: &[u8], mut from: usize) -> Option<usize> {
        loop {
            if self.first[usize::from(*bytes.get(from)?)] {
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
        let third = head.get(2).map_or(0, u8::to_ascii_lowercase);
        let starts = |phrase: &&str| {
            phrase.as_bytes().get(2).is_none_or(|byte| *byte == third) && same(phrase) && ends(phrase.len())
        };
        let near = self.alike(self::head(head).map(|byte| byte.to_ascii_lowercase()));
        near.iter().any(starts) || self.letters.iter().any(starts)
    }

    /// Returns all phrases.
    pub fn all(&self) -> impl Iterator<Item = &'static str> {
        self.letters.iter().chain(&self.list).copied()
    }
}

/// Where the character behind the one at a byte begins.
fn next_char(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at + 1..).unwrap_or_default();
    at + 1 + rest.iter().take_while(|byte| matches!(byte, 0x80..=0xbf)).count()
}

/// The next place behind a byte where a word may begin.
fn after(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    loop {
        match bytes.get(end) {
            Some(byte) if INNER[usize::from(*byte)] => end += 1,
            // An accented letter of Latin-1 is one too.
            Some(0xc3) if bytes.get(end + 1).is_some_and(|low| latin1(*low).is_some()) => end += 2,
            Some(_) => return end + 1,
            None => return bytes.len(),
        }
    }
}

/// Tells whether a byte stands within a character or a word.
fn begins_within(text: &str, at: usize) -> bool {
    at > 0 && !text.as_bytes()[at - 1].is_ascii() && (!text.is_char_boundary(at) || ends_in_letter(&text[..at]))
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

/// The first two bytes of a text; 0 where there are none.
fn head(text: &[u8]) -> [u8; 2] {
    [text.first().copied().unwrap_or(0), text.get(1).copied().unwrap_or(0)]
}

fn slot_of(head: [u8; 2]) -> usize {
    pair_of(head) % SLOTS
}

fn pair_of([first, second]: [u8; 2]) -> usize {
    (usize::from(first) ^ usize::from(second) << 3 ^ usize::from(second) >> 5) % PAIRS
}

/// Tells whether a text ends in a dash, a quote, a bullet or an arrow, which no word goes on behind.
fn ends_in_mark(text: &[u8]) -> bool {
    matches!(text, [.., 0xe2, 0x80, 0x90..=0xa7] | [.., 0xe2, 0x86 | 0x94..=0x9d, _])
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

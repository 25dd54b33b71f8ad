//! Phrases of one category, found by their first byte.

use crate::words::{INKED, NotAscii, at_word_starts, fold, latin1, shorten};

/// Folded phrases, found by their first three bytes.
pub struct Phrases {
    /// Those of more than one byte by their slot, sorted within it.
    list: Vec<Phrase>,
    /// Where in `list` each slot starts.
    slots: [u16; SLOTS + 1],
    /// Those of one byte.
    letters: Vec<&'static str>,
    /// Which three first bytes any phrase may start with; most texts are told apart here.
    heads: [u64; HEADS / 64],
    /// The same for the first two, where no more is known.
    pairs: [u64; PAIRS / 64],
    /// Which bytes the first letter of a phrase may have in a text that is not folded.
    first: [bool; 256],
    /// Whether all phrases begin with a letter or digit of ASCII.
    plain: bool,
}

/// A phrase, and its first bytes as one number: what starts otherwise is told in one look.
#[derive(Clone, Copy)]
struct Phrase {
    text: &'static str,
    head: u64,
    mask: u64,
}

/// As many bytes of a phrase are in that number.
const HEAD: usize = 8;

impl Phrase {
    fn new(text: &'static str) -> Self {
        let unused = HEAD.saturating_sub(text.len()) * 8;
        Self { text, head: head_number(text.as_bytes()), mask: u64::MAX >> unused }
    }

    /// Tells whether a folded text with such a head starts with the phrase, at a word's end.
    fn starts(&self, text: &str, head: u64) -> bool {
        head & self.mask == self.head
            && (self.text.len() <= HEAD || text.as_bytes().starts_with(self.text.as_bytes()))
            && ends_word(text, self.text.len())
    }
}

/// The first bytes of a text as one number, 0 where there are none.
fn head_number(text: &[u8]) -> u64 {
    match text.first_chunk::<HEAD>() {
        Some(head) => u64::from_le_bytes(*head),
        None => text.iter().rev().fold(0, |head, byte| head << 8 | u64::from(*byte)),
    }
}

/// Tells whether no word goes on at a place behind a character of a text.
fn ends_word(text: &str, at: usize) -> bool {
    match text.as_bytes().get(at) {
        None => true,
        Some(byte) if byte.is_ascii() => !byte.is_ascii_alphanumeric() && *byte != b'_',
        Some(_) => !text[at..].starts_with(char::is_alphanumeric),
    }
}

/// How many kinds of first bytes are told apart.
const HEADS: usize = 2048;

/// How many kinds of pairs are.
const PAIRS: usize = 1024;

/// How many of the first share a slot is no matter, as long as they are few.
const SLOTS: usize = 512;

impl Phrases {
    /// Sorts phrases; there are fewer than 65,536 of them.
    pub fn new(phrases: Vec<&'static str>) -> Self {
        let (letters, mut list): (Vec<_>, Vec<_>) = phrases.into_iter().partition(|phrase| phrase.len() == 1);
        let of = |phrase: &str| head_of(head(phrase.as_bytes()));
        list.sort_unstable();
        list.dedup();
        let (mut slots, mut first) = ([0; SLOTS + 1], [false; 256]);
        let (mut heads, mut pairs) = ([0; HEADS / 64], [0; PAIRS / 64]);
        for phrase in &list {
            let [first, second, _] = head(phrase.as_bytes());
            slots[slot_of(of(phrase)) + 1] += 1;
            note(&mut heads, of(phrase));
            note(&mut pairs, pair_of([first, second]));
        }
        for slot in 1..slots.len() {
            slots[slot] += slots[slot - 1];
        }
        let list = in_slots(&list, slots);
        for letter in letters.iter().map(|letter| letter.as_bytes()[0]) {
            (0..=u8::MAX).for_each(|second| note(&mut pairs, pair_of([letter, second])));
            (0..=u8::MAX).for_each(|third| note(&mut heads, head_of([letter, 0, third])));
        }
        first[0xc2..].fill(!list.is_empty() || !letters.is_empty());
        for byte in list.iter().map(|phrase| &phrase.text).chain(&letters).map(|phrase| phrase.as_bytes()[0]) {
            first[usize::from(byte)] = true;
            first[usize::from(byte.to_ascii_uppercase())] = true;
        }
        let mut bytes = list.iter().map(|phrase| &phrase.text).chain(&letters).map(|phrase| phrase.as_bytes()[0]);
        let plain = bytes.all(|byte| byte.is_ascii_alphanumeric());
        Self { list, slots, letters, heads, pairs, first, plain }
    }

    /// Tells whether any phrase starts like a text that is folded, or whose first three bytes are ASCII.
    #[inline]
    pub fn starts_like(&self, text: &[u8]) -> bool {
        noted(&self.heads, head_of(head(text))) && !text.is_empty()
    }

    /// Tells whether any phrase starts with two bytes.
    pub fn starts_with(&self, pair: [u8; 2]) -> bool {
        noted(&self.pairs, pair_of(pair))
    }

    /// Tells whether any phrase starts like a text that is not folded, by its first three letters.
    pub fn may_start(&self, text: &str) -> bool {
        match text.as_bytes() {
            [first, second, third, ..] if first.is_ascii_alphanumeric() && (second | third).is_ascii() => {
                self.starts_like(text.as_bytes())
            }
            _ => letters_of(text).is_none_or(|(pair, third)| self.may_go_on(pair, third)),
        }
    }

    /// Returns the phrases that may start with three bytes, but for those of one.
    fn alike(&self, head: [u8; 3]) -> &[Phrase] {
        let slot = slot_of(head_of(head));
        &self.list[usize::from(self.slots[slot])..usize::from(self.slots[slot + 1])]
    }

    /// Returns the longest phrase that a folded text starts with, at a word's end.
    #[inline]
    pub fn starts(&self, text: &str) -> Option<&'static str> {
        if self.starts_like(text.as_bytes()) { self.longest(text) } else { None }
    }

    fn longest(&self, text: &str) -> Option<&'static str> {
        let number = head_number(text.as_bytes());
        // Sorted, the longer of two that start alike comes later.
        let found = self.alike(head(text.as_bytes())).iter().rfind(|phrase| phrase.starts(text, number));
        let letter = || self.letters.iter().find(|letter| crate::words::starts_with_phrase(text, letter));
        found.map(|phrase| phrase.text).or_else(|| letter().copied())
    }

    /// Tells whether a text is one of the phrases.
    #[inline]
    pub fn contains(&self, text: &str) -> bool {
        self.starts_like(text.as_bytes()) && self.holds(text)
    }

    fn holds(&self, text: &str) -> bool {
        let number = head_number(text.as_bytes());
        let same = |phrase: &Phrase| phrase.head == number && phrase.text == text;
        let found = || self.alike(head(text.as_bytes())).iter().any(same);
        found() || self.letters.contains(&text)
    }

    /// Finds the first phrase at word boundaries of a folded text, the longest of those that start there.
    pub fn find(&self, text: &str) -> Option<(usize, &'static str)> {
        let bytes = text.as_bytes();
        if let Ok(found) = self.at_places(bytes, |at| Some((at, self.longest(&text[at..])?))) {
            return found;
        }
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
        if let Ok(found) = self.at_places(bytes, |at| self.starts_unfolded(&text[at..]).then_some(())) {
            return found.is_some();
        }
        let mut from = 0;
        while let Some(at) = self.next(bytes, from) {
            from = after(bytes, at);
            // Most words begin as no phrase does.
            if let [first, second, third, ..] = bytes[at..]
                && (first | second | third).is_ascii()
                && !self.starts_like(&bytes[at..])
            {
                continue;
            }
            let second = next_char(bytes, at);
            let Some(pair) = folded_byte(text, at).zip(folded_byte(text, second)) else {
                return self.find(&fold(text)).is_some();
            };
            let third = folded_byte(text, next_char(bytes, second));
            if !self.may_go_on([pair.0, pair.1], third) {
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

    /// Looks at the places in a text where a word begins as one of the phrases does, until something is found; as long as the
    /// text is ASCII.
    #[inline(always)]
    fn at_places<T>(&self, bytes: &[u8], mut look: impl FnMut(usize) -> Option<T>) -> Result<Option<T>, NotAscii> {
        if !self.plain {
            return Err(NotAscii);
        }
        at_word_starts(bytes, |at| {
            let within = || at > 0 && matches!(bytes[at - 1], b'_' | b'-');
            let begins = self.first[usize::from(bytes[at])] && !within() && self.starts_like(&bytes[at..]);
            if begins { look(at) } else { None }
        })
    }

    /// Tells whether a phrase may start with two bytes and go on with a third, as far as that is known.
    fn may_go_on(&self, [first, second]: [u8; 2], third: Option<u8>) -> bool {
        match third.filter(|_| (first | second).is_ascii()) {
            Some(third) => self.starts_like(&[first, second, third]),
            None => self.starts_with([first, second]),
        }
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
            |phrase: &str| head.get(..phrase.len()).is_some_and(|start| start.eq_ignore_ascii_case(phrase.as_bytes()));
        let mut lower = [0; HEAD];
        lower.iter_mut().zip(head).for_each(|(lower, byte)| *lower = byte.to_ascii_lowercase());
        let number = u64::from_le_bytes(lower);
        let starts =
            |phrase: &Phrase| number & phrase.mask == phrase.head && same(phrase.text) && ends(phrase.text.len());
        self.alike([lower[0], lower[1], lower[2]]).iter().any(starts)
            || self.letters.iter().any(|letter| same(letter) && ends(letter.len()))
    }

    /// Returns all phrases.
    pub fn all(&self) -> impl Iterator<Item = &'static str> {
        self.letters.iter().copied().chain(self.list.iter().map(|phrase| phrase.text))
    }
}

/// Lays sorted phrases into their slots, of which each begins somewhere.
fn in_slots(sorted: &[&'static str], mut next: [u16; SLOTS + 1]) -> Vec<Phrase> {
    let mut list = vec![Phrase { text: "", head: 0, mask: 0 }; sorted.len()];
    for phrase in sorted {
        let place = &mut next[slot_of(head_of(head(phrase.as_bytes())))];
        list[usize::from(*place)] = Phrase::new(phrase);
        *place += 1;
    }
    list
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

/// The first two bytes of a text from its first letter or digit on, in lower case, and the third; nothing where they are not
/// ASCII, and 0 where the text ends.
fn letters_of(text: &str) -> Option<([u8; 2], Option<u8>)> {
    let bytes = text.as_bytes();
    let start = match bytes.first() {
        Some(byte) if byte.is_ascii_alphanumeric() => 0,
        _ => bytes.iter().take_while(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric()).count(),
    };
    let byte = |at: usize| bytes.get(start + at).map_or(0, u8::to_ascii_lowercase);
    let head = [byte(0), byte(1)];
    (head[0] | head[1]).is_ascii().then(|| (head, Some(byte(2)).filter(u8::is_ascii)))
}

/// The first three bytes of a text; 0 where there are none.
#[inline]
const fn head(text: &[u8]) -> [u8; 3] {
    match text {
        [first, second, third, ..] => [*first, *second, *third],
        [first, second] => [*first, *second, 0],
        [first] => [*first, 0, 0],
        [] => [0, 0, 0],
    }
}

/// Tells three first bytes apart without their case. All that is no letter and no digit is the same: there a phrase of two
/// letters ends, and a word of a longer one.
#[inline]
fn head_of([first, second, third]: [u8; 3]) -> usize {
    let [first, second, third] = [first, second, third].map(|byte| usize::from(INKED[usize::from(byte)]));
    (first ^ second << 3 ^ third << 6 ^ third >> 1) % HEADS
}

fn slot_of(head: usize) -> usize {
    head % SLOTS
}

fn pair_of([first, second]: [u8; 2]) -> usize {
    (usize::from(first) ^ usize::from(second) << 3 ^ usize::from(second) >> 5) % PAIRS
}

fn note(bits: &mut [u64], at: usize) {
    bits[at / 64] |= 1 << (at % 64);
}

fn noted(bits: &[u64], at: usize) -> bool {
    bits[at / 64] >> (at % 64) & 1 == 1
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
    fn no_start_of_a_phrase_is_missed_before_folding() {
        let phrases = Phrases::new(vec!["nao execute", "don't", "é", "ir", "ve", "see also"]);
        for text in [
            "**Não execute**",
            "DON\u{2019}T x",
            "don't",
            "Ir para",
            "ir",
            "(Ve)",
            "v\u{e9} x",
            "See  also",
            "See also:",
            "❌ see also",
        ] {
            let folded = fold(text);
            let starts = phrases.starts(crate::words::past_marks(&folded)).is_some();
            assert!(!starts || phrases.may_start(text), "{text}");
        }
        assert!(!phrases.may_start("nada") && !phrases.may_start("set it"));
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

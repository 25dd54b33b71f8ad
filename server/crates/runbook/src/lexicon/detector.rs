//! The language of a text, told from its commonest small words, and what else its words say.

use std::sync::LazyLock;

use super::{Category, Language, Signs, signs};
use crate::words::{NotAscii, WINDOW, ascii_len, fold_char, head_of, inked, latin1, word_of};

/// Guesses a text's language.
pub struct Detector {
    known: &'static Known,
    tally: Tally,
    /// A text that is not ASCII, without case and accents.
    folded: Vec<u8>,
}

/// What the words up to here say.
#[derive(Clone, Copy, Default)]
struct Tally {
    /// How many small words of each language there were, side by side in one number.
    scores: u64,
    words: usize,
    /// What the words of the text at hand say.
    signs: u8,
    /// The last word.
    before: u64,
    /// A language whose letters and endings were seen.
    spelled: Option<Language>,
}

/// How many bits each language has in the scores: more than enough for all words that are looked at.
const BITS: usize = 18;

/// The scores of a word.
const SCORES: u64 = (1 << (3 * BITS)) - 1;

/// Says of a word that it may be the second of two that are a sign together.
const PAIRED: u64 = 1 << (3 * BITS);

/// Where the signs of a word stand behind the scores.
const SIGNS: usize = 56;

impl Default for Detector {
    fn default() -> Self {
        Self { known: &KNOWN, tally: Tally::default(), folded: Vec::new() }
    }
}

impl Detector {
    /// Counts the small words of a text, and tells what it may say; the word before its first is the last of the text before.
    pub fn read(&mut self, text: &str) -> Signs {
        if let Ok(signs) = self.words_of(text.as_bytes()) {
            return signs;
        }
        let mut folded = std::mem::take(&mut self.folded);
        flatten(text, &mut folded);
        let signs = self.words_of(&folded);
        self.folded = folded;
        if self.tally.spelled.is_none() {
            self.tally.spelled = spelled(text);
        }
        // Nothing but ASCII is left of it.
        signs.unwrap_or(Signs::ALL)
    }

    /// Tells what a text may say, and counts no words.
    pub fn look(&mut self, text: &str) -> Signs {
        let Tally { scores, words, .. } = self.tally;
        let signs = self.read(text);
        (self.tally.scores, self.tally.words) = (scores, words);
        signs
    }

    /// Counts the words of a text, or none where it is not ASCII.
    fn words_of(&mut self, bytes: &[u8]) -> Result<Signs, NotAscii> {
        let head = head_of(bytes);
        let mut tally = Tally { signs: 0, ..self.tally };
        let (mut at, mut start, mut open) = (0, 0, 0);
        while at < bytes.len() {
            let inked = inked(bytes, at)?;
            // Where words begin and end, by turns.
            let mut turns = inked ^ (inked << 1 | open);
            let goes_on = open == 1;
            open = inked >> (WINDOW - 1);
            if goes_on && turns != 0 {
                tally.count(self.known, word_of(bytes, head, start, at + turns.trailing_zeros() as usize));
                turns &= turns - 1;
            }
            while turns != 0 {
                let begin = at + turns.trailing_zeros() as usize;
                turns &= turns - 1;
                if turns == 0 {
                    start = begin;
                    break;
                }
                tally.count(self.known, word_of(bytes, head, begin, at + turns.trailing_zeros() as usize));
                turns &= turns - 1;
            }
            at += WINDOW;
        }
        if open == 1 {
            tally.count(self.known, word_of(bytes, head, start, bytes.len()));
        }
        self.tally = tally;
        Ok(Signs::from_bits(tally.signs))
    }

    fn score(&self, language: usize) -> u64 {
        self.tally.scores >> (language * BITS) & ((1 << BITS) - 1)
    }

    /// Returns the language; nothing for too little text. Where small words are too few, letters speak.
    pub fn language(&self) -> Option<Language> {
        let best = (0..3).max_by_key(|i| (self.score(*i), 3 - i))?;
        if self.score(best) >= 2 { Some(Language::ALL[best]) } else { self.tally.spelled }
    }
}

impl Tally {
    /// The most words that are looked at.
    const MOST: usize = 20_000;

    /// Of a long word the end alone is known: it may have the signs of another, and is no small word.
    #[inline(always)]
    fn count(&mut self, known: &Known, word: u64) {
        let slot = Known::first_slot(word);
        if known.may_be(slot) {
            self.note(known, word, known.of(word, slot));
        }
        self.before = word;
        self.words += 1;
    }

    #[inline(always)]
    fn note(&mut self, known: &Known, word: u64, says: u64) {
        let pair = if says & PAIRED == 0 { 0 } else { known.pair(self.before, word) };
        self.signs |= ((says | pair) >> SIGNS) as u8;
        if self.words < Self::MOST {
            self.scores += says & SCORES;
        }
    }
}

/// `Ação`, `Acción`: what only one of the languages writes.
fn spelled(text: &str) -> Option<Language> {
    let has = |letters: &[char]| text.contains(letters);
    match (has(&['ã', 'õ', 'Ã', 'Õ', 'ç']), has(&['ñ', '¿', '¡']) || text.contains("ción")) {
        (true, false) => Some(Language::Pt),
        (false, true) => Some(Language::Es),
        _ => None,
    }
}

/// What stands for a letter or digit that no known word has: of what stands before it, nothing is known any more.
const STRANGE: &[u8] = b"zzzzzzzz";

/// Writes a text without accents, in ASCII: each letter that is none then is a strange one, all else stands between words.
fn flatten(text: &str, out: &mut Vec<u8>) {
    out.clear();
    let (mut rest, mut folded) = (text.as_bytes(), String::new());
    while !rest.is_empty() {
        match *rest {
            [0xc3, low, ref more @ ..] if latin1(low).is_some() => {
                out.extend(latin1(low));
                rest = more;
            }
            [byte, ..] if byte.is_ascii() => {
                let (ascii, more) = rest.split_at(ascii_len(rest));
                out.extend_from_slice(ascii);
                rest = more;
            }
            _ => {
                let Some(c) = text[text.len() - rest.len()..].chars().next() else { break };
                folded.clear();
                fold_char(c, &mut folded);
                let plain = |c: char| u8::try_from(c).ok().filter(u8::is_ascii);
                for c in folded.chars() {
                    match plain(c) {
                        Some(byte) => out.push(byte),
                        None if c.is_alphanumeric() => out.extend(STRANGE),
                        None => out.push(b' '),
                    }
                }
                rest = &rest[c.len_utf8()..];
            }
        }
    }
}

/// The last bytes of a word.
fn bytes_of(word: &str) -> u64 {
    word.bytes().fold(0, |bytes, byte| bytes << 8 | u64::from(byte))
}

/// Two words side by side, as one that no word is.
const fn pair_of(before: u64, word: u64) -> u64 {
    before.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ word | 1 << 63
}

static KNOWN: LazyLock<Known> = LazyLock::new(Known::new);

/// Words in a table of open addresses, each with 1 in the score of every language that has it for a small word, and
/// with its signs.
struct Known {
    slots: [(u64, u64); Self::SLOTS],
    /// A bit for each slot in which a word would be laid first: most words are in none of these.
    may_be: [u64; Self::SLOTS / 64],
}

impl Known {
    const SLOTS: usize = 8192;

    fn new() -> Self {
        let mut known = Self { slots: [(0, 0); Self::SLOTS], may_be: [0; Self::SLOTS / 64] };
        for (i, language) in Language::ALL.into_iter().enumerate() {
            language.lists()[Category::Stop as usize]
                .iter()
                .for_each(|word| known.note(bytes_of(word), 1 << (i * BITS)));
        }
        for (words, signs) in signs::words() {
            let signs = u64::from(signs.bits()) << SIGNS;
            match words {
                [word, None] => known.note(bytes_of(word.unwrap_or("")), signs),
                [before, Some(word)] => {
                    known.note(bytes_of(word), PAIRED);
                    known.note(pair_of(bytes_of(before.unwrap_or("")), bytes_of(word)), signs);
                }
            }
        }
        known
    }

    fn note(&mut self, key: u64, value: u64) {
        self.may_be[Self::first_slot(key) / 64] |= 1 << (Self::first_slot(key) % 64);
        let slot = self.slot(key, Self::first_slot(key));
        self.slots[slot].0 = key;
        self.slots[slot].1 |= value;
    }

    const fn first_slot(word: u64) -> usize {
        (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51) as usize % Self::SLOTS
    }

    /// The slot of a word, or the free one where it would be.
    fn slot(&self, word: u64, first: usize) -> usize {
        let mut slot = first;
        while self.slots[slot].0 != word && self.slots[slot].0 != 0 {
            slot = (slot + 1) % Self::SLOTS;
        }
        slot
    }

    /// Tells whether any word would be laid there first.
    fn may_be(&self, slot: usize) -> bool {
        self.may_be[slot / 64] >> (slot % 64) & 1 == 1
    }

    fn of(&self, word: u64, first: usize) -> u64 {
        self.slots[self.slot(word, first)].1
    }

    fn pair(&self, before: u64, word: u64) -> u64 {
        let pair = pair_of(before, word);
        let first = Self::first_slot(pair);
        if self.may_be(first) { self.of(pair, first) } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_small_words_are_short_and_plain() {
        for language in Language::ALL {
            let words = &language.lists()[Category::Stop as usize];
            assert!(
                words.len() < 80 && words.iter().all(|w| w.len() <= 4 && w.bytes().all(|b| b.is_ascii_lowercase()))
            );
        }
    }

    #[test]
    fn words_are_counted_without_case_and_accents() {
        let of = |text: &str| {
            let mut detector = Detector::default();
            detector.read(text);
            ([0, 1, 2].map(|i| detector.score(i)), detector.tally.words)
        };
        assert_eq!(of("Não é: NAO, na\u{303}o"), ([0, 3, 0], 4));
        assert_eq!(of("the theß ßthe"), ([1, 0, 0], 3));
    }
}

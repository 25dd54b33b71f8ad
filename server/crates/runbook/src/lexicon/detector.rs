//! The language of a text, told from its commonest small words, and what else its words say.

use std::sync::LazyLock;

use super::{Category, Language, Signs, signs};
use crate::words::{fold_char, latin1};

/// Guesses a text's language.
pub struct Detector {
    known: &'static Known,
    /// How many small words of each language there were, side by side in one number.
    scores: u64,
    words: usize,
    /// What the words of the text at hand say.
    signs: u8,
    /// The last bytes of the word at hand; 0 between words.
    word: u64,
    /// The word before it.
    before: u64,
    /// What is left of a character without case and accents.
    folded: String,
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
        Self { known: &KNOWN, scores: 0, words: 0, signs: 0, word: 0, before: 0, folded: String::new() }
    }
}

impl Detector {
    /// The most words that are looked at.
    const MOST: usize = 20_000;

    /// Counts the small words of a text, and tells what it may say; it goes on where the last text ended.
    pub fn read(&mut self, text: &str) -> Signs {
        self.signs = 0;
        let mut rest = text;
        loop {
            let wide = self.plain(rest.as_bytes());
            let Some(c) = rest[wide..].chars().next() else { break };
            self.wide(c);
            rest = &rest[wide + c.len_utf8()..];
        }
        self.end();
        Signs::from_bits(self.signs)
    }

    /// Tells what a text may say, and counts nothing.
    pub fn look(&mut self, text: &str) -> Signs {
        let (scores, words) = (self.scores, self.words);
        let signs = self.read(text);
        (self.scores, self.words) = (scores, words);
        signs
    }

    /// Reads up to the first character that has to be folded, and returns where that is.
    fn plain(&mut self, bytes: &[u8]) -> usize {
        let (mut word, mut rest) = (self.word, bytes.iter());
        while let Some(byte) = rest.next() {
            let letter = LETTERS[usize::from(*byte)];
            if letter > WIDE {
                word = word << 8 | u64::from(letter);
            } else if letter == 0 {
                if word != 0 {
                    self.count(word);
                    word = 0;
                }
            } else {
                // The accented letters of Latin-1 are common, and fold to one letter each.
                let after = rest.as_slice();
                let Some(letter) = after.first().filter(|_| *byte == 0xc3).and_then(|low| latin1(*low)) else {
                    self.word = word;
                    return bytes.len() - after.len() - 1;
                };
                word = word << 8 | u64::from(letter);
                rest = after[1..].iter();
            }
        }
        self.word = word;
        bytes.len()
    }

    fn wide(&mut self, c: char) {
        let mut folded = std::mem::take(&mut self.folded);
        folded.clear();
        fold_char(c, &mut folded);
        for c in folded.chars() {
            match u8::try_from(c) {
                Ok(byte) if c.is_ascii() => drop(self.plain(&[byte])),
                // No small word has such a letter: what has it is too long for one.
                _ if c.is_alphanumeric() => self.word = u64::MAX,
                _ => self.end(),
            }
        }
        self.folded = folded;
    }

    fn end(&mut self) {
        let word = std::mem::take(&mut self.word);
        if word != 0 {
            self.count(word);
        }
    }

    /// Of a long word the end alone is known: it may have the signs of another, and is no small word.
    #[inline(always)]
    fn count(&mut self, word: u64) {
        let known = self.known.of(word);
        if known != 0 {
            self.note(word, known);
        }
        self.before = word;
        self.words += 1;
    }

    fn note(&mut self, word: u64, known: u64) {
        let pair = if known & PAIRED == 0 { 0 } else { self.known.of(pair_of(self.before, word)) };
        self.signs |= ((known | pair) >> SIGNS) as u8;
        if self.words < Self::MOST {
            self.scores += known & SCORES;
        }
    }

    fn score(&self, language: usize) -> u64 {
        self.scores >> (language * BITS) & ((1 << BITS) - 1)
    }

    /// Returns the language; nothing for too little text.
    pub fn language(&self) -> Option<Language> {
        let best = (0..3).max_by_key(|i| (self.score(*i), 3 - i))?;
        (self.score(best) >= 2).then(|| Language::ALL[best])
    }
}

/// Stands for all bytes that are not ASCII.
const WIDE: u8 = 1;

/// ASCII letters and digits in lower case; 0 for what else is ASCII.
const LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut byte: u8 = 0;
    while byte < u8::MAX {
        byte += 1;
        letters[byte as usize] = match byte {
            _ if !byte.is_ascii() => WIDE,
            _ if byte.is_ascii_alphanumeric() => byte.to_ascii_lowercase(),
            _ => 0,
        };
    }
    letters
};

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
struct Known([(u64, u64); Self::SLOTS]);

impl Known {
    const SLOTS: usize = 8192;

    fn new() -> Self {
        let mut known = Self([(0, 0); Self::SLOTS]);
        for (i, language) in Language::ALL.into_iter().enumerate() {
            let mut lists = vec![Vec::new(); Category::ALL.len()];
            super::add(&mut lists, language.source());
            lists[Category::Stop as usize].iter().for_each(|word| known.note(bytes_of(word), 1 << (i * BITS)));
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
        let slot = self.slot(key);
        self.0[slot].0 = key;
        self.0[slot].1 |= value;
    }

    /// The slot of a word, or the free one where it would be.
    fn slot(&self, word: u64) -> usize {
        let mut slot = (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51) as usize;
        while self.0[slot % Self::SLOTS].0 != word && self.0[slot % Self::SLOTS].0 != 0 {
            slot += 1;
        }
        slot % Self::SLOTS
    }

    fn of(&self, word: u64) -> u64 {
        self.0[self.slot(word)].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_small_words_are_short_and_plain() {
        for language in Language::ALL {
            let mut lists = vec![Vec::new(); Category::ALL.len()];
            super::super::add(&mut lists, language.source());
            let words = &lists[Category::Stop as usize];
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
            ([0, 1, 2].map(|i| detector.score(i)), detector.words)
        };
        assert_eq!(of("Não é: NAO, na\u{303}o"), ([0, 3, 0], 4));
        assert_eq!(of("the theß ßthe"), ([1, 0, 0], 3));
    }
}

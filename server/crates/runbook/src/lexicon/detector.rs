//! The language of a text, told from its commonest small words.

use std::sync::LazyLock;

use super::{Category, Language};
use crate::words::{fold_char, latin1};

/// Guesses a text's language.
#[derive(Default)]
pub struct Detector {
    /// How many small words of each language there were, side by side in one number.
    scores: u64,
    words: usize,
    /// The last bytes of the word at hand; 0 between words.
    word: u64,
    /// What is left of a character without case and accents.
    folded: String,
}

/// How many bits each language has in the scores: more than enough for all words that are looked at.
const BITS: usize = 20;

impl Detector {
    /// The most words that are looked at.
    const MOST: usize = 20_000;

    /// Counts the small words of a text.
    pub fn read(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let wide = self.plain(rest.as_bytes());
            let Some(c) = rest[wide..].chars().next() else { break };
            self.wide(c);
            rest = &rest[wide + c.len_utf8()..];
        }
        self.end();
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

    fn count(&mut self, word: u64) {
        if self.words < Self::MOST {
            self.words += 1;
            self.scores += if word < LONGER { STOPS.languages(word) } else { 0 };
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

/// The bytes of a word that is longer than all small ones are no smaller number than this.
const LONGER: u64 = 1 << 32;

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

static STOPS: LazyLock<Stops> = LazyLock::new(Stops::new);

/// Small words in a table of open addresses, each with 1 in the score of every language that has it.
struct Stops([(u64, u64); Self::SLOTS]);

impl Stops {
    const SLOTS: usize = 256;

    fn new() -> Self {
        let mut stops = Self([(0, 0); Self::SLOTS]);
        for (i, language) in Language::ALL.into_iter().enumerate() {
            let mut lists = vec![Vec::new(); Category::ALL.len()];
            super::add(&mut lists, language.source());
            for word in &lists[Category::Stop as usize] {
                let bytes = word.bytes().fold(0, |bytes, byte| bytes << 8 | u64::from(byte));
                let slot = stops.slot(bytes);
                stops.0[slot].0 = bytes;
                stops.0[slot].1 |= 1 << (i * BITS);
            }
        }
        stops
    }

    /// The slot of a word, or the free one where it would be.
    fn slot(&self, word: u64) -> usize {
        let mut slot = (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize;
        while self.0[slot].0 != word && self.0[slot].0 != 0 {
            slot = (slot + 1) % Self::SLOTS;
        }
        slot
    }

    fn languages(&self, word: u64) -> u64 {
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

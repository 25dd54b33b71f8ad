//! The language of a text, told from its commonest small words.

use std::sync::LazyLock;

use super::{Category, Language};
use crate::words::fold_char;

/// Guesses a text's language.
#[derive(Default)]
pub struct Detector {
    score: [usize; 3],
    words: usize,
    word: Word,
    /// What is left of a character without case and accents.
    folded: String,
}

/// The word at hand: its bytes, as long as there are few, and how many there are.
#[derive(Clone, Copy, Default)]
struct Word {
    bytes: u64,
    length: usize,
}

impl Detector {
    /// The most words that are looked at.
    const MOST: usize = 20_000;

    /// Counts the small words of a text.
    pub fn read(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let wide = self.ascii(rest.as_bytes());
            let Some(c) = rest[wide..].chars().next() else { break };
            self.wide(c);
            rest = &rest[wide + c.len_utf8()..];
        }
        self.end();
    }

    /// Reads up to the first byte that is not ASCII, and returns where that is.
    fn ascii(&mut self, bytes: &[u8]) -> usize {
        let Word { bytes: mut word, mut length } = self.word;
        for (at, byte) in bytes.iter().enumerate() {
            let letter = LETTERS[usize::from(*byte)];
            if letter > WIDE {
                word = word << 8 | u64::from(letter);
                length += 1;
            } else if letter == WIDE {
                self.word = Word { bytes: word, length };
                return at;
            } else if length > 0 {
                self.count(Word { bytes: word, length });
                (word, length) = (0, 0);
            }
        }
        self.word = Word { bytes: word, length };
        bytes.len()
    }

    fn wide(&mut self, c: char) {
        let mut folded = std::mem::take(&mut self.folded);
        folded.clear();
        fold_char(c, &mut folded);
        for c in folded.chars() {
            match u8::try_from(c) {
                Ok(byte) if c.is_ascii() => drop(self.ascii(&[byte])),
                // No small word has such a letter.
                _ if c.is_alphanumeric() => self.word.length += LONGEST + 1,
                _ => self.end(),
            }
        }
        self.folded = folded;
    }

    fn end(&mut self) {
        let word = std::mem::take(&mut self.word);
        if word.length > 0 {
            self.count(word);
        }
    }

    fn count(&mut self, word: Word) {
        if self.words >= Self::MOST {
            return;
        }
        self.words += 1;
        if word.length <= LONGEST {
            let languages = STOPS.languages(word.bytes);
            (0..3).for_each(|i| self.score[i] += usize::from(languages >> i & 1));
        }
    }

    /// Returns the language; nothing for too little text.
    pub fn language(&self) -> Option<Language> {
        let best = (0..3).max_by_key(|i| (self.score[*i], 3 - i))?;
        (self.score[best] >= 2).then(|| Language::ALL[best])
    }
}

/// The longest small word, in bytes.
const LONGEST: usize = 4;

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

/// Small words in a table of open addresses, each with a bit for every language that has it.
struct Stops([(u64, u8); Self::SLOTS]);

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
                stops.0[slot].1 |= 1 << i;
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

    fn languages(&self, word: u64) -> u8 {
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
                words.len() < 80
                    && words.iter().all(|w| w.len() <= LONGEST && w.bytes().all(|b| b.is_ascii_lowercase()))
            );
        }
    }

    #[test]
    fn words_are_counted_without_case_and_accents() {
        let of = |text: &str| {
            let mut detector = Detector::default();
            detector.read(text);
            (detector.score, detector.words)
        };
        assert_eq!(of("Não é: NAO, na\u{303}o"), ([0, 3, 0], 4));
        assert_eq!(of("the theß ßthe"), ([1, 0, 0], 3));
    }
}

//! Phrases of one category, found by their first byte.

/// Folded phrases, sorted.
pub struct Phrases {
    list: Vec<&'static str>,
    /// The bytes that a phrase starts with, one bit each: most texts start with none of them.
    firsts: [u64; 4],
}

impl Phrases {
    /// Sorts phrases.
    pub fn new(mut list: Vec<&'static str>) -> Self {
        list.sort_unstable();
        list.dedup();
        let mut firsts = [0; 4];
        for byte in list.iter().filter_map(|phrase| phrase.bytes().next()) {
            firsts[usize::from(byte / 64)] |= 1 << (byte % 64);
        }
        Self { list, firsts }
    }

    /// Tells whether any phrase starts with a byte.
    pub fn starts_some(&self, byte: u8) -> bool {
        self.firsts[usize::from(byte / 64)] >> (byte % 64) & 1 == 1
    }

    /// Returns the phrases that start with a byte.
    fn starting(&self, byte: u8) -> &[&'static str] {
        if !self.starts_some(byte) {
            return &[];
        }
        let first = |phrase: &&str| phrase.as_bytes()[0];
        let start = self.list.partition_point(|phrase| first(phrase) < byte);
        let len = self.list[start..].iter().take_while(|phrase| first(phrase) == byte).count();
        &self.list[start..start + len]
    }

    /// Returns the longest phrase that a folded text starts with, at a word's end.
    pub fn starts(&self, text: &str) -> Option<&'static str> {
        let near = self.starting(*text.as_bytes().first()?);
        // Sorted, the longer of two that start alike comes later.
        near.iter().rev().find(|phrase| crate::words::starts_with_phrase(text, phrase)).copied()
    }

    /// Tells whether a text is one of the phrases.
    pub fn contains(&self, text: &str) -> bool {
        text.as_bytes().first().is_some_and(|byte| self.starting(*byte).binary_search(&text).is_ok())
    }

    /// Finds the first phrase at word boundaries of a folded text, the longest of those that start there.
    pub fn find(&self, text: &str) -> Option<(usize, &'static str)> {
        let mut before = b' ';
        for (at, byte) in text.bytes().enumerate() {
            let last = std::mem::replace(&mut before, byte);
            if !self.starts_some(byte) || last.is_ascii_alphanumeric() || matches!(last, b'_' | b'-') {
                continue;
            }
            if !last.is_ascii() && (!text.is_char_boundary(at) || ends_in_letter(&text[..at])) {
                continue;
            }
            if let Some(phrase) = self.starts(&text[at..]) {
                return Some((at, phrase));
            }
        }
        None
    }

    /// Returns all phrases.
    pub fn all(&self) -> &[&'static str] {
        &self.list
    }
}

fn ends_in_letter(text: &str) -> bool {
    text.chars().next_back().is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

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

//! Phrases of one category, found by their first byte.

/// Folded phrases, sorted.
pub struct Phrases {
    list: Vec<&'static str>,
    /// Where in `list` the phrases with each first byte start; all that start beyond ASCII stand together at the end.
    first: [u16; 130],
}

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
        Self { list, first }
    }

    /// Tells whether any phrase starts with a byte.
    pub fn starts_some(&self, byte: u8) -> bool {
        let slot = slot_of(byte);
        self.first[slot] < self.first[slot + 1]
    }

    /// Returns the phrases that may start with a byte.
    fn starting(&self, byte: u8) -> &[&'static str] {
        let slot = slot_of(byte);
        &self.list[usize::from(self.first[slot])..usize::from(self.first[slot + 1])]
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

fn slot_of(byte: u8) -> usize {
    usize::from(byte.min(128))
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

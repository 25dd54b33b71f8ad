//! Byte offsets to line numbers.

use std::cell::OnceCell;

/// Where each line of a text starts, as soon as somebody asks.
pub struct LineIndex<'a> {
    text: &'a str,
    starts: OnceCell<Vec<u32>>,
}

impl<'a> LineIndex<'a> {
    /// Indexes a text of less than 4 GB.
    pub const fn new(text: &'a str) -> Self {
        Self { text, starts: OnceCell::new() }
    }

    /// Returns the line of a byte offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.get_or_init(|| starts(self.text)).partition_point(|start| *start as usize <= offset)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "no text is longer than 4 GB")]
fn starts(text: &str) -> Vec<u32> {
    let mut starts = Vec::with_capacity(text.len() / 32 + 1);
    starts.push(0);
    starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one() {
        let index = LineIndex::new("a\nbc\n");
        assert_eq!([0, 1, 2, 3, 5].map(|o| index.line(o)), [1, 1, 2, 2, 3]);
    }
}

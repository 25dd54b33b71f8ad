//! Byte offsets to line numbers.

use std::cell::{Cell, OnceCell};

/// Where each line of a text starts, as soon as somebody asks.
pub struct LineIndex<'a> {
    text: &'a str,
    starts: OnceCell<Vec<u32>>,
    /// The line that was asked for last: the next one is mostly near.
    last: Cell<usize>,
}

impl<'a> LineIndex<'a> {
    /// Indexes a text of less than 4 GB.
    pub const fn new(text: &'a str) -> Self {
        Self { text, starts: OnceCell::new(), last: Cell::new(1) }
    }

    /// Returns the line of a byte offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        const NEAR: usize = 8;
        let starts = self.starts.get_or_init(|| starts(self.text));
        let last = self.last.get();
        let begins = |start: &u32| *start as usize <= offset;
        let behind = starts[last..].iter().take(NEAR).take_while(|start| begins(start)).count();
        let near = begins(&starts[last - 1]) && behind < NEAR;
        let line = if near { last + behind } else { starts.partition_point(begins) };
        self.last.set(line);
        line
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
        assert_eq!([0, 1, 2, 3, 5, 1, 4].map(|o| index.line(o)), [1, 1, 2, 2, 3, 1, 2]);
        let long = LineIndex::new("a\n\n\n\n\n\n\n\n\n\n\n\nb");
        assert_eq!([0, 12, 11, 2].map(|o| long.line(o)), [1, 12, 11, 2]);
    }
}

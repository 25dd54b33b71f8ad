//! Where a long text may be cut into parts that are parsed one by one.
//!
//! The parser holds many times the memory of its text until its last event. A part ends where everything that is open ends
//! anyway: before a block at the start of a line, behind a blank line.

use std::ops::Range;

use memchr::memmem;

use crate::dense;

/// As long as a part should be, at least.
const SHORTEST: usize = 8 * 1024;
/// A part of a longer text is that fraction of it.
const PARTS: usize = 24;
/// What has no such place for so long is cut at the start of any line: a list or a table without end. Those that people write
/// have one in 63 KB.
const LONGEST: usize = 72 * 1024;

/// How a text is cut.
pub struct Parts<'a> {
    text: &'a str,
    shortest: usize,
    /// Whether it may be cut at all.
    apart: bool,
}

impl<'a> Parts<'a> {
    /// Looks whether anything in a text speaks of the rest: a link defined elsewhere, or HTML that blank lines do not end.
    pub fn new(text: &'a str, declares: bool) -> Self {
        let shortest = SHORTEST.max(text.len() / PARTS);
        let apart = text.len() > 2 * SHORTEST && !declares && memmem::find(text.as_bytes(), b"]:").is_none();
        Self { text, shortest, apart }
    }

    /// Takes note of a fence: where it stands in an item, and a line of it does not, the parser ends it there and sees others
    /// behind it than whoever goes by the marks alone. Nothing is cut any more then.
    pub fn heed_fence(&mut self, block: Range<usize>) {
        let block = &self.text.as_bytes()[block];
        let outside = |at: usize| block.get(at + 1).is_some_and(|byte| !byte.is_ascii_whitespace());
        if self.apart && block.first() == Some(&b' ') && memchr::memchr_iter(b'\n', block).any(outside) {
            self.stop();
        }
    }

    /// Cuts nothing any more: a fence that nobody closed is not where the parser sees one.
    pub const fn stop(&mut self) {
        self.apart = false;
    }

    /// Tells whether the text is not cut at all.
    pub const fn are_whole(&self) -> bool {
        !self.apart
    }

    /// Finds where a part that begins at `start` may end, within `free`, where nothing hides what stands there; and
    /// whether something goes on beyond it that should not be cut.
    #[inline]
    pub fn end(&self, start: usize, free: &Range<usize>) -> Option<(usize, bool)> {
        let from = (start + self.shortest).max(free.start);
        if self.apart && from < free.end { self.end_from(from, start, free) } else { None }
    }

    fn end_from(&self, from: usize, start: usize, free: &Range<usize>) -> Option<(usize, bool)> {
        let last = (start + LONGEST.max(self.shortest)).max(from);
        let lines = |from: usize, last: usize| {
            let bytes = self.text.as_bytes().get(from..free.end).unwrap_or(&[]);
            let found = memchr::memchr_iter(b'\n', bytes).map(move |at| from + at + 1);
            found.take_while(move |at| *at <= last).filter(|at| *at < free.end)
        };
        if let Some(end) = lines(from, last).find(|at| self.begins_anew(*at)) {
            return Some((end, false));
        }
        if self.text.len() <= dense::FREE {
            return None;
        }
        let outside = |at: &usize| !self.text.as_bytes()[*at].is_ascii_whitespace();
        let mut later = lines(last, last + self.shortest);
        later.find(outside).or_else(|| lines(last, free.end).next()).map(|end| (end, true))
    }

    /// Tells whether a block that is no item of a list begins at the start of a line, behind a blank one.
    fn begins_anew(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let blank = bytes[..at - 1].iter().rev().take(8).find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
        let item = match bytes.get(at) {
            Some(b'-' | b'+' | b'*') => bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace),
            Some(byte) => byte.is_ascii_digit() || byte.is_ascii_whitespace(),
            None => true,
        };
        blank == Some(&b'\n') && !item
    }
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;

    use super::*;
    use crate::doc::repair::segments;
    use crate::doc::{Doc, read};

    /// What a document is made of, as if it stood at `from`.
    fn leaves(doc: &Doc<'_>, from: usize) -> Vec<(Range<usize>, String)> {
        let leaf = |i: usize| {
            let code = doc.code(i).map_or("", |code| code.text);
            let span = doc.leaves[i].span();
            (span.start + from..span.end + from, format!("{} {code}", doc.plain(i)))
        };
        (0..doc.leaves.len()).map(leaf).collect()
    }

    #[test]
    fn a_text_in_parts_is_the_same_document() {
        let one = concat!(
            include_str!("../../tests/fixtures/en-blocks.md"),
            "\n1. a\n\n   b\n\n<div>\nc\n\n# In it\n</div>\n\n<!-- d\n\n# e\n\nf -->\n\n- g\n\n      h\n\n> i\n\n> j\nk\n\n",
            include_str!("../../tests/fixtures/pt-fila.md"),
        );
        let times = 2 * dense::FREE / one.len() + 2;
        let text = one.repeat(times);
        assert!(segments(&text, 0, true).ranges.len() > 8 + times * (segments(one, 0, true).ranges.len() - 1));
        let room = Bump::new();
        let (alone, all) = (read(one, &room), read(&text, &room));
        let apart: Vec<_> = (0..times).flat_map(|i| leaves(&alone, i * one.len())).collect();
        let all_leaves = leaves(&all, 0);
        assert_eq!(all_leaves.iter().zip(&apart).find(|(one, other)| one != other), None);
        assert_eq!(all_leaves.len(), apart.len());
        assert!(all.long.is_empty());
    }

    #[test]
    fn what_speaks_of_the_rest_is_not_cut() {
        for more in
            ["[a]: http://b\n", "<?php\n\n# a\n\n?>\n", "<![CDATA[\n\n# a\n\n]]>\n", "- a\n\n   ```sh\nls\n   ```\n"]
        {
            let text = format!("{more}{}", "# A\n\nSome words of it\n\n".repeat(4000));
            assert_eq!(segments(&text, 0, true).ranges.len(), 1, "{more}");
        }
    }

    #[test]
    fn a_list_without_end_is_cut_at_a_line() {
        let text = "- Restart the shop's api\n".repeat(10_000);
        let cuts = segments(&text, 0, true);
        assert_eq!(cuts.ranges.len(), cuts.long.len() + 1);
        assert!(cuts.ranges.iter().all(|part| part.len() <= LONGEST + 100 && text[part.clone()].starts_with("- R")));
        assert_eq!(cuts.ranges.last().map(|part| part.end), Some(text.len()));
    }
}

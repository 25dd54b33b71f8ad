//! Code blocks: their text, and where in the source each byte of it stands.

use std::ops::Range;

use bumpalo::Bump;

/// A code block.
pub struct Code<'a> {
    /// The whole info string; empty for an indented block.
    pub info: &'a str,
    /// Its text without the indentation of what it stands in.
    pub text: &'a str,
    /// What its author wrote over it, as an option of the directive that it is.
    pub caption: Option<&'a str>,
    /// Where the text starts in the source, if there is any.
    start: Option<u32>,
    /// Where later pieces of `text` come from: (offset in `text`, offset in the source), ascending.
    pieces: &'a [(u32, u32)],
}

/// A text that is put together of pieces that do not stand side by side.
#[derive(Default)]
pub struct Built {
    /// As far as it goes.
    pub text: String,
    /// Where its pieces come from, as in [`Code`].
    pieces: Vec<(u32, u32)>,
}

impl<'a> Code<'a> {
    /// Makes an empty one.
    pub const fn new(info: &'a str) -> Self {
        Self { info, text: "", caption: None, start: None, pieces: &[] }
    }

    /// Says where it would stand, of one without any text; `built` is what was put together of it.
    #[expect(clippy::cast_possible_truncation, reason = "a document is shorter than 4 GB")]
    #[inline]
    pub fn settle(&mut self, at: usize, built: &mut Built, room: &'a Bump) {
        self.start.get_or_insert(at as u32);
        if !built.pieces.is_empty() {
            self.take(built, room);
        }
    }

    fn take(&mut self, built: &mut Built, room: &'a Bump) {
        self.text = room.alloc_str(&built.text);
        self.pieces = room.alloc_slice_copy(&built.pieces);
        built.pieces.clear();
    }

    /// Appends a piece that stands at byte `at` of the source. Where it does not go on where the last one ended, the text is
    /// put together in `built`.
    #[expect(clippy::cast_possible_truncation, reason = "a document is shorter than 4 GB")]
    #[inline(always)]
    pub fn push(&mut self, source: &'a str, piece: &'a str, at: usize, built: &mut Built) {
        match self.start {
            None => {
                self.start = Some(at as u32);
                self.text = piece;
            }
            Some(start) => self.append(source, piece, start, at, built),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a document is shorter than 4 GB")]
    fn append(&mut self, source: &'a str, piece: &'a str, start: u32, at: usize, built: &mut Built) {
        if built.pieces.is_empty() {
            if start as usize + self.text.len() == at
                && self.text.as_bytes().as_ptr_range().end == piece.as_ptr()
                && let Some(longer) = source.get(start as usize..at + piece.len())
                && longer.as_ptr() == self.text.as_ptr()
            {
                self.text = longer;
                return;
            }
            built.text.clear();
            built.text.reserve(self.text.len() + 800);
            built.text.push_str(self.text);
            built.pieces.reserve(32);
        }
        built.pieces.push((built.text.len() as u32, at as u32));
        built.text.push_str(piece);
    }

    /// Returns the source offset of an offset in `text`.
    pub fn source(&self, offset: usize) -> usize {
        let piece = self.pieces.partition_point(|(at, _)| *at as usize <= offset);
        match piece.checked_sub(1).map(|i| self.pieces[i]) {
            Some((at, source)) => source as usize + (offset - at as usize),
            None => self.start.map_or(0, |start| start as usize + offset),
        }
    }

    /// Returns the source range of a range in `text`, end included in the piece that holds its last byte.
    pub fn source_range(&self, range: Range<usize>) -> Range<usize> {
        let start = self.source(range.start);
        if range.is_empty() {
            return start..start;
        }
        start..self.source(range.end - 1) + 1
    }
}

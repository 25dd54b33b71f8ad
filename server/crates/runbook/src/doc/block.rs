//! Code blocks: their text, and where in the source each byte of it stands.

use std::borrow::Cow;
use std::ops::Range;

/// A code block.
pub struct Code<'a> {
    /// The whole info string; empty for an indented block.
    pub info: Cow<'a, str>,
    /// Its text without the indentation of what it stands in.
    pub text: Cow<'a, str>,
    /// What its author wrote over it, as an option of the directive that it is.
    pub caption: Option<Box<str>>,
    /// Where the text starts in the source, if there is any.
    start: Option<u32>,
    /// Where later pieces of `text` come from: (offset in `text`, offset in the source), ascending.
    pieces: Vec<(u32, u32)>,
}

impl<'a> Code<'a> {
    /// Makes an empty one.
    pub const fn new(info: Cow<'a, str>) -> Self {
        Self { info, text: Cow::Borrowed(""), caption: None, start: None, pieces: Vec::new() }
    }

    /// Says where it would stand, of one without any text.
    #[expect(clippy::cast_possible_truncation, reason = "a document is shorter than 4 GB")]
    pub fn settle(&mut self, at: usize) {
        self.start.get_or_insert(at as u32);
    }

    /// Appends a piece that stands at byte `at` of the source; one that goes on where the last one ended is not copied.
    /// Where pieces are put together, there is room for as long a text as may come.
    #[expect(clippy::cast_possible_truncation, reason = "a document is shorter than 4 GB")]
    pub fn push(&mut self, source: &'a str, piece: &str, at: usize, room: usize) {
        let Some(start) = self.start else {
            self.start = Some(at as u32);
            self.text = match source.get(at..at + piece.len()).filter(|same| same.as_ptr() == piece.as_ptr()) {
                Some(same) => Cow::Borrowed(same),
                None => Cow::Owned(piece.to_owned()),
            };
            return;
        };
        if let Cow::Borrowed(text) = self.text
            && self.pieces.is_empty()
            && start as usize + text.len() == at
            && text.as_bytes().as_ptr_range().end == piece.as_ptr()
            && let Some(longer) = source.get(start as usize..at + piece.len())
        {
            self.text = Cow::Borrowed(longer);
            return;
        }
        if self.pieces.is_empty() {
            self.own(room);
        }
        self.pieces.push((self.text.len() as u32, at as u32));
        self.text.to_mut().push_str(piece);
    }

    fn own(&mut self, room: usize) {
        if let Cow::Borrowed(text) = self.text {
            let mut owned = String::with_capacity(room.max(text.len()));
            owned.push_str(text);
            self.text = Cow::Owned(owned);
        }
        self.pieces.reserve(room / 64 + 4);
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

//! Lists whose items have letters, which CommonMark does not know: `a) Restore it`, `b) Tell them` on lines of one paragraph.

use super::Builder;
use crate::doc::{Extent, Item, LeafKind, RunKind};

/// `a) `
const MARK: u8 = 3;

impl Builder<'_> {
    /// Adds a paragraph, or the items of such a list with what stands above them.
    pub(super) fn paragraph(&mut self, span: Extent) {
        match self.begins_letters() {
            Some(first) => self.letters(first, span),
            None => self.leaf(LeafKind::Paragraph, span),
        }
    }

    /// Where the line with `a)` begins, where one with `b)` follows.
    fn begins_letters(&self) -> Option<usize> {
        let mut lines = self.lines();
        let first = lines.find(|line| self.has_letter(*line, 0))?;
        lines.any(|line| self.has_letter(line, 1)).then_some(first)
    }

    /// The runs that lines begin with.
    fn lines(&self) -> impl Iterator<Item = usize> {
        let broken = (self.from..self.doc.runs.len()).filter(|run| self.doc.runs[*run].kind == RunKind::Break);
        std::iter::once(self.from).chain(broken.map(|run| run + 1))
    }

    fn has_letter(&self, run: usize, at: u8) -> bool {
        let text = self.doc.runs.get(run).filter(|run| run.kind == RunKind::Text).map_or("", |run| run.text);
        matches!(text.as_bytes(), [letter, b')', b' ', _, ..] if letter.to_ascii_lowercase() == b'a' + at)
    }

    fn letters(&mut self, first: usize, span: Extent) {
        let mut starts = Vec::new();
        for line in self.lines().filter(|line| *line >= first) {
            let next = u8::try_from(starts.len()).unwrap_or(u8::MAX);
            if next < 26 && self.has_letter(line, next) {
                starts.push(line);
            }
        }
        let end = self.doc.runs.len();
        if first > self.from {
            // The break before the list is nobody's.
            let runs = Extent::new(self.from, first - 1);
            let last = self.doc.runs[first - 1].span.start;
            self.push(LeafKind::Paragraph, Extent { start: span.start, end: last }, runs);
        }
        let list = self.list_count;
        self.list_count += 1;
        for (at, start) in starts.iter().enumerate() {
            let next = starts.get(at + 1).copied();
            let runs = Extent::new(*start, next.map_or(end, |next| next - 1));
            let from = self.doc.runs[*start].span.start;
            let to = next.map_or(span.end, |next| self.doc.runs[next - 1].span.start);
            let run = &mut self.doc.runs[*start];
            run.text = &run.text[usize::from(MARK)..];
            run.span.start += u32::from(MARK);
            let (place, parent) = (self.doc.items.len(), self.open.last().copied());
            let span = Extent { start: from, end: to };
            self.doc.items.push(Item { list, number: Some(at as u64 + 1), parent, task: false, span });
            self.open.push(place);
            self.push(LeafKind::Paragraph, span, runs);
            self.open.pop();
        }
        self.from = end;
    }
}

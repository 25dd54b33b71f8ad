//! Lists that CommonMark does not know, on lines of one paragraph: `a) Restore it`, `b) Tell them`; `1º Veja`, `2º Reinicie`; `1️⃣ …`.

use super::Builder;
use crate::doc::{Extent, Item, LeafKind, RunKind};

/// What makes a digit the number of an item, before a blank or a sign: ordinals and keycaps.
const ORDINALS: [&str; 5] = ["º", "ª", "°", "\u{fe0f}\u{20e3}", "\u{20e3}"];

impl Builder<'_> {
    /// Adds a paragraph, or the items of such a list with what stands above them.
    pub(super) fn paragraph(&mut self, span: Extent) {
        match self.begins_letters() {
            Some(first) => self.letters(first, span),
            None => self.leaf(LeafKind::Paragraph, span),
        }
    }

    /// Where the first line with a mark begins, where one with the second follows.
    fn begins_letters(&self) -> Option<usize> {
        let mut lines = self.lines();
        let first = lines.find(|line| self.mark(*line, 0).is_some())?;
        lines.any(|line| self.mark(line, 1).is_some()).then_some(first)
    }

    /// The runs that lines begin with.
    fn lines(&self) -> impl Iterator<Item = usize> {
        let broken = (self.from..self.doc.runs.len()).filter(|run| self.doc.runs[*run].kind == RunKind::Break);
        std::iter::once(self.from).chain(broken.map(|run| run + 1))
    }

    /// The length of the mark of an item, counted from 0, that a line begins with.
    fn mark(&self, run: usize, at: u8) -> Option<usize> {
        let text = self.doc.runs.get(run).filter(|run| run.kind == RunKind::Text)?.text;
        let first = text.bytes().next()?;
        if first.is_ascii_digit() {
            let rest = &text[1..];
            let after =
                ORDINALS.iter().find_map(|sign| rest.strip_prefix(sign)).filter(|_| at < 9 && first == b'1' + at)?;
            let words = after.trim_start_matches([')', '.', '-', ':', '–', ' ']);
            return (!words.is_empty() && words.len() < after.len()).then(|| text.len() - words.len());
        }
        let is_mark =
            matches!(text.as_bytes(), [letter, b')', b' ', _, ..] if letter.to_ascii_lowercase() == b'a' + at);
        is_mark.then_some("a) ".len())
    }

    fn letters(&mut self, first: usize, span: Extent) {
        const MOST: u8 = 26;
        let mut starts = Vec::new();
        for line in self.lines().filter(|line| *line >= first) {
            let next = u8::try_from(starts.len()).ok().filter(|next| *next < MOST);
            starts.extend(next.and_then(|next| Some((line, self.mark(line, next)?))));
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
        for (at, (start, mark)) in starts.iter().enumerate() {
            let next = starts.get(at + 1).map(|(next, _)| *next);
            let runs = Extent::new(*start, next.map_or(end, |next| next - 1));
            let from = self.doc.runs[*start].span.start;
            let to = next.map_or(span.end, |next| self.doc.runs[next - 1].span.start);
            let run = &mut self.doc.runs[*start];
            run.text = &run.text[*mark..];
            run.span.start += u32::try_from(*mark).unwrap_or(0);
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

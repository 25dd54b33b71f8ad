//! A text folded once, for all who look at parts of it.

use std::borrow::Cow;

use crate::doc::Extent;
use crate::words::{Looks, Widths, fold, fold_marking, looks};

/// What is longer is folded in parts.
const LONGEST: usize = 64 * 1024;

/// How a text looks without case and accents.
#[derive(Clone, Copy)]
pub enum Folding<'a> {
    /// As it is.
    Same,
    /// Not kept, for it is too long.
    Unknown,
    /// Otherwise.
    Kept(Kept<'a>),
}

/// A folded text, and which part of it belongs to which part of the text as written.
#[derive(Clone, Copy)]
pub struct Kept<'a> {
    folded: &'a str,
    /// Where one is longer than the other from here on: places in the text and in `folded`, ascending.
    widths: &'a [(u32, u32)],
}

/// Where the folding of a text lies among others.
#[derive(Clone, Copy)]
pub enum Place {
    /// It is the text.
    Same,
    /// Nowhere.
    Unknown,
    /// There, and its widths.
    Kept(Extent, Extent),
}

/// The foldings of many texts, one behind the other.
#[derive(Default)]
pub struct Folds {
    folded: String,
    widths: Widths,
}

impl Folds {
    /// Makes room for texts of so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { folded: String::with_capacity(bytes), widths: Widths::new() }
    }

    /// Folds a text.
    pub fn add(&mut self, text: &str) -> Place {
        if text.len() > LONGEST {
            return Place::Unknown;
        }
        let (start, widths) = (self.folded.len(), self.widths.len());
        match looks(text) {
            Looks::Folded => return Place::Same,
            Looks::Ascii => {
                self.folded.push_str(text);
                self.folded[start..].make_ascii_lowercase();
            }
            Looks::Wide => fold_marking(text, &mut self.folded, &mut self.widths),
        }
        Place::Kept(Extent::new(start, self.folded.len()), Extent::new(widths, self.widths.len()))
    }

    /// Returns the folding of a text.
    pub fn of(&self, place: Place) -> Folding<'_> {
        match place {
            Place::Same => Folding::Same,
            Place::Unknown => Folding::Unknown,
            Place::Kept(folded, widths) => {
                Folding::Kept(Kept { folded: &self.folded[folded.range()], widths: &self.widths[widths.range()] })
            }
        }
    }
}

/// A text beside its folding.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    text: &'a str,
    folding: Folding<'a>,
}

impl<'a> Words<'a> {
    /// Of no text: whatever is asked for is folded then.
    pub const NONE: Words<'static> = Words { text: "", folding: Folding::Unknown };

    /// Makes one; `folding` is that of `text`.
    pub const fn new(text: &'a str, folding: Folding<'a>) -> Self {
        Self { text, folding }
    }

    /// Folds a text. One that lies within this one costs nothing.
    pub fn fold<'t>(&self, part: &'t str) -> Cow<'t, str>
    where
        'a: 't,
    {
        self.folded(part).unwrap_or_else(|| fold(part))
    }

    /// Tells whether a text lies within this one.
    pub fn holds(&self, part: &str) -> bool {
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        start <= self.text.len() && start + part.len() <= self.text.len()
    }

    /// Returns how a text that lies within this one looks when folded, if that is known.
    pub fn folded<'t>(&self, part: &'t str) -> Option<Cow<'t, str>>
    where
        'a: 't,
    {
        if !self.holds(part) {
            return None;
        }
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        match self.folding {
            Folding::Same => Some(Cow::Borrowed(part)),
            Folding::Unknown => None,
            Folding::Kept(kept) => Some(Cow::Borrowed(kept.part(start, start + part.len()))),
        }
    }
}

impl<'a> Kept<'a> {
    fn part(&self, start: usize, end: usize) -> &'a str {
        if self.widths.is_empty() {
            return &self.folded[start..end];
        }
        &self.folded[self.place(start)..self.place(end)]
    }

    fn place(&self, at: usize) -> usize {
        let after = self.widths.partition_point(|(written, _)| *written as usize <= at);
        match after.checked_sub(1).map(|i| self.widths[i]) {
            Some((written, folded)) => folded as usize + (at - written as usize),
            None => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_what_folding_it_alone_gives() {
        for text in ["", "restart it", "Restart It — now", "Ação: reiniciar o SERVIÇO…", "İß e\u{301}\u{323}x ﬁ Ǆ 한 ñ"]
        {
            let mut folds = Folds::default();
            folds.add("É ANTES");
            let place = folds.add(text);
            let words = Words::new(text, folds.of(place));
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            for (i, start) in places.iter().enumerate() {
                for end in &places[i..] {
                    assert_eq!(words.fold(&text[*start..*end]), fold(&text[*start..*end]), "{text:?}");
                }
            }
        }
        assert_eq!(Words::NONE.fold("Á"), "a");
    }
}

//! A text folded once, for all who look at parts of it.

use std::borrow::Cow;

use crate::words::{Widths, fold, fold_marking};

/// What is longer is folded in parts.
const LONGEST: usize = 64 * 1024;

/// How a text looks without case and accents.
pub enum Folding {
    /// As it is.
    Same,
    /// Not kept, for it is too long.
    Unknown,
    /// Otherwise.
    Kept(Box<Kept>),
}

/// A folded text, and which part of it belongs to which part of the text as written.
pub struct Kept {
    folded: String,
    /// Where one is longer than the other from here on: places in the text and in `folded`, ascending.
    widths: Widths,
}

impl Folding {
    /// Folds a text.
    pub fn of(text: &str) -> Self {
        if text.len() > LONGEST {
            return Self::Unknown;
        }
        let mut widths = Widths::new();
        match fold_marking(text, &mut widths) {
            Cow::Borrowed(_) => Self::Same,
            Cow::Owned(folded) => Self::Kept(Box::new(Kept { folded, widths })),
        }
    }
}

/// A text beside its folding.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    text: &'a str,
    folding: &'a Folding,
}

impl<'a> Words<'a> {
    /// Of no text: whatever is asked for is folded then.
    pub const NONE: Words<'static> = Words { text: "", folding: &Folding::Unknown };

    /// Makes one; `folding` is that of `text`.
    pub const fn new(text: &'a str, folding: &'a Folding) -> Self {
        Self { text, folding }
    }

    /// Folds a text. One that lies within this one costs nothing.
    pub fn fold<'t>(&self, part: &'t str) -> Cow<'t, str>
    where
        'a: 't,
    {
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if start > self.text.len() || start + part.len() > self.text.len() {
            return fold(part);
        }
        match self.folding {
            Folding::Same => Cow::Borrowed(part),
            Folding::Unknown => fold(part),
            Folding::Kept(kept) => Cow::Borrowed(kept.part(start, start + part.len())),
        }
    }
}

impl Kept {
    fn part(&self, start: usize, end: usize) -> &str {
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
            let folding = Folding::of(text);
            let words = Words::new(text, &folding);
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

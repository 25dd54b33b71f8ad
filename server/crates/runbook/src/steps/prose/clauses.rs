//! Clauses of a text: where one ends and why, and which of them may deny something.

use crate::lexicon::Lexicon;
use crate::words::{names_an_error, table};

/// Why a clause begins where it does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Start,
    /// A comma, a colon or an opening bracket.
    Comma,
    Dash,
    /// The end of a sentence.
    Stop,
    /// A closing bracket: what was said in it is over.
    Close,
}

/// A clause.
pub struct Clause<'t> {
    /// Why it begins where it does.
    pub mark: Mark,
    /// Where it begins.
    pub at: usize,
    /// All of it, without the mark that ends it.
    pub text: &'t str,
    /// Whether a word in it denies.
    pub denies: bool,
}

impl Clause<'_> {
    /// "LoadError: cannot load such file": tells whether it is what an error says, which forbids nothing; `folded` is all of the text.
    pub fn is_quoted(&self, folded: &str) -> bool {
        self.mark == Mark::Comma && folded[..self.at].strip_suffix(':').is_some_and(names_an_error)
    }
}

/// The clauses of a folded text, each with whether it denies.
pub struct Denials<'t> {
    lexicon: &'t Lexicon,
    folded: &'t str,
    /// Where the next clause begins, and why there.
    next: Option<(usize, Mark)>,
    /// Most clauses hold no word that denies, so the next one is looked for once.
    denial: Option<usize>,
}

impl<'t> Denials<'t> {
    /// Begins with the first.
    pub fn of(lexicon: &'t Lexicon, folded: &'t str) -> Self {
        Self { lexicon, folded, next: Some((0, Mark::Start)), denial: lexicon.denial(folded, 0) }
    }
}

impl<'t> Iterator for Denials<'t> {
    type Item = Clause<'t>;

    fn next(&mut self) -> Option<Clause<'t>> {
        let (at, mark) = self.next?;
        let (text, next) = cut(&self.folded[at..]);
        self.next = next.map(|(mark, after)| (self.folded.len() - after.len(), mark));
        if self.denial.is_some_and(|denial| denial < at) {
            self.denial = self.lexicon.denial(self.folded, at);
        }
        let denies = self.denial.is_some_and(|denial| denial < at + text.len());
        Some(Clause { mark, at, text, denies })
    }
}

/// The clauses of a text, one after the other.
pub fn clauses(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let (clause, next) = cut(rest?);
        rest = next.map(|(_, after)| after);
        Some(clause)
    })
}

/// Cuts the first clause off; what comes after it, and why it ends.
fn cut(text: &str) -> (&str, Option<(Mark, &str)>) {
    const MARKS: [bool; 256] = table(b",:.;!?()-\xe2");
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| MARKS[usize::from(*byte)]).map(|at| from + at) {
        let byte = bytes[at];
        from = at + 1;
        let spaced = bytes.get(at + 1).is_none_or(|next| next.is_ascii_whitespace() || matches!(next, b'*' | b'_'));
        let mark = match byte {
            b',' | b':' if spaced => Mark::Comma,
            b'.' | b';' | b'!' | b'?' if spaced => Mark::Stop,
            b'(' => Mark::Comma,
            b')' => Mark::Close,
            b'-' if spaced && at > 0 && bytes[at - 1] == b' ' => Mark::Dash,
            0xe2 if text[at..].starts_with(['—', '–']) => {
                return (&text[..at], Some((Mark::Dash, &text[at + '—'.len_utf8()..])));
            }
            _ => continue,
        };
        return (&text[..at], Some((mark, &text[at + 1..])));
    }
    (text, None)
}

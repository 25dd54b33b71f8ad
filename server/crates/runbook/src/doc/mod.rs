//! The document as leaves (headings, paragraphs, code, tables) with the list items they stand in.
//!
//! Flat on purpose: no step after this one recurses on the depth of the input, and no block owns what it holds. Text,
//! cells and rows of all blocks lie in one row each, and a block knows from where to where.

mod block;
mod boxes;
mod build;
mod directives;
mod nesting;
mod parts;
mod plain;
mod raw;
mod repair;
mod source;
mod table;

use std::cell::Cell;
use std::ops::Range;

use bumpalo::Bump;

use crate::code;
use crate::folding::{Folds, Place, Words};
use crate::lexicon::Signs;
use crate::lines::LineIndex;

use block::Built;
pub use block::Code;
pub use build::{MOST_LEAVES, build};
pub use plain::plain;
pub use repair::Repair;
pub use table::{Row, Table};

/// From where to where, in half the room; no document is longer than 4 GB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    start: u32,
    end: u32,
}

impl Extent {
    /// Makes one from a range.
    #[expect(clippy::cast_possible_truncation, reason = "a document has fewer bytes, and fewer blocks than bytes")]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// Returns it as a range.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Reads a document; what does not stand in the text as it is lies in `room`.
pub fn read<'a>(text: &'a str, room: &'a Bump) -> Doc<'a> {
    let mut doc = build(text, room);
    doc.say();
    doc
}

/// A document.
pub struct Doc<'a> {
    /// The source; a carriage return that ends a line alone is the other line end here.
    pub text: &'a str,
    /// Whether all its lines end so.
    pub mac: bool,
    /// Its lines.
    pub lines: LineIndex<'a>,
    /// The front matter without its fences.
    pub front: Option<Range<usize>>,
    /// All leaves, in order.
    pub leaves: Vec<Leaf>,
    /// All list items, in order.
    pub items: Vec<Item>,
    /// Whether it has more blocks than are read.
    pub full: bool,
    /// Where the first heading stands that is one too many: it and those behind it are text.
    pub cut: Option<usize>,
    /// How many headings there are.
    pub headings: usize,
    /// What was read otherwise than CommonMark would.
    pub repairs: Vec<Repair>,
    /// Where a list, a table or a paragraph was cut because it is too long.
    pub long: Vec<usize>,
    /// Items that belong to another item than CommonMark says, in order.
    pub moved: Vec<Range<usize>>,
    /// The inline text of all leaves, in order.
    pub(crate) runs: Vec<Run<'a>>,
    /// Where the links lead, in order.
    links: Vec<&'a str>,
    /// All code blocks, in order.
    codes: Vec<Code<'a>>,
    /// All table cells, as parts of `runs`.
    pub(crate) cells: Vec<Extent>,
    /// All table rows, as parts of `cells`.
    rows: Vec<Extent>,
    /// What the leaves say.
    texts: Vec<Text<'a>>,
    folds: Folds,
    /// Where texts lie that do not stand in the source as they are.
    room: &'a Bump,
}

impl<'a> Doc<'a> {
    /// Makes room for as much as there will be, if the text goes on as it does up to a place.
    fn reserve(&mut self, at: usize) {
        let share = self.text.len() as f64 / at.max(1) as f64;
        // With a little more, for growing copies all there is.
        let room = |count: usize| ((count as f64 * share * 1.05) as usize).saturating_sub(count);
        self.leaves.reserve_exact(room(self.leaves.len()));
        self.items.reserve_exact(room(self.items.len()));
        self.runs.reserve_exact(room(self.runs.len()));
        self.links.reserve_exact(room(self.links.len()));
        self.codes.reserve_exact(room(self.codes.len()));
        self.cells.reserve_exact(room(self.cells.len()));
        self.rows.reserve_exact(room(self.rows.len()));
    }

    /// Gives back the room that was held for more blocks than there are: all of it stays until the reading is done.
    fn shrink(&mut self) {
        // What a short text holds for nothing is little, and giving it back costs more.
        const SHORT: usize = 64 * 1024;
        if self.text.len() < SHORT {
            return;
        }
        self.leaves.shrink_to_fit();
        self.items.shrink_to_fit();
        self.runs.shrink_to_fit();
        self.links.shrink_to_fit();
        self.codes.shrink_to_fit();
        self.cells.shrink_to_fit();
        self.rows.shrink_to_fit();
    }

    /// Returns the line of an offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.lines.line(offset)
    }

    /// Returns the inline text of a leaf; nothing for code, tables and rules.
    pub fn runs(&self, leaf: usize) -> &[Run<'a>] {
        &self.runs[self.leaves[leaf].runs.range()]
    }

    /// Returns what a leaf's text may say.
    pub fn signs(&self, leaf: usize) -> Signs {
        signs_of(self.runs(leaf))
    }

    /// Keeps a text for as long as there is room for it.
    pub fn keep(&self, text: &str) -> &'a str {
        self.room.alloc_str(text)
    }

    /// Returns a leaf's plain text.
    pub fn plain(&self, leaf: usize) -> &'a str {
        self.texts[leaf].plain
    }

    /// Returns a leaf's plain text beside its folding.
    pub fn words(&self, leaf: usize) -> Words<'_> {
        let Text { plain, folding } = self.texts[leaf];
        Words::new(plain, self.folds.of(folding))
    }

    /// Gives up the foldings of its texts: whoever asks again has them made again.
    pub fn forget(&mut self) {
        self.folds = Folds::default();
        self.texts.iter_mut().for_each(|text| text.folding = Place::Unknown);
    }

    /// Puts the plain texts of all leaves together.
    fn say(&mut self) {
        let plain = |leaf: &Leaf| {
            let plain = plain::kept(&self.runs[leaf.runs.range()], self.room);
            Text { plain, folding: Place::Same }
        };
        self.texts = self.leaves.iter().map(plain).collect();
        self.folds = Folds::with_capacity(self.texts.iter().map(|text| text.plain.len()).sum());
        for text in &mut self.texts {
            text.folding = self.folds.add(text.plain);
        }
    }

    /// Returns the destination of the link that a run is part of.
    pub fn link(&self, run: &Run<'_>) -> Option<&str> {
        run.link.checked_sub(1).map(|link| self.links[link as usize])
    }

    /// Returns the code of a leaf that is code.
    pub fn code(&self, leaf: usize) -> Option<&Code<'a>> {
        match self.leaves[leaf].kind {
            LeafKind::Code(code) => Some(&self.codes[code as usize]),
            _ => None,
        }
    }

    /// Returns the table of a leaf that is a table.
    pub fn table(&self, leaf: usize) -> Option<Table<'_, 'a>> {
        match self.leaves[leaf].kind {
            LeafKind::Table(rows) => Some(Table::new(self, rows)),
            _ => None,
        }
    }
}

/// A block without blocks in it.
pub struct Leaf {
    /// What it is.
    pub kind: LeafKind,
    /// Whether it stands in a block quote.
    pub quoted: bool,
    /// The innermost list item it stands in.
    pub item: Option<usize>,
    span: Extent,
    runs: Extent,
}

/// What a leaf says.
#[derive(Clone, Copy)]
struct Text<'a> {
    plain: &'a str,
    /// The same without case and accents.
    folding: Place,
}

impl Leaf {
    /// Returns where it stands.
    pub const fn span(&self) -> Range<usize> {
        self.span.range()
    }

    /// Returns which runs are its own.
    pub const fn runs(&self) -> Range<usize> {
        self.runs.range()
    }
}

/// What a leaf is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LeafKind {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A paragraph, or the text of a tight list item.
    Paragraph,
    /// A fenced or indented code block: which of them.
    Code(u32),
    /// A table: its rows, the first of which is the header.
    Table(Extent),
    /// Raw HTML, comments among it.
    Html,
    /// A thematic break.
    Rule,
}

impl LeafKind {
    /// Tells whether it is code.
    pub const fn is_code(self) -> bool {
        matches!(self, Self::Code(_))
    }
}

/// A piece of inline text.
pub struct Run<'a> {
    /// Its text, unescaped.
    pub text: &'a str,
    span: Extent,
    /// Which link it is part of, counted from 1; none where 0.
    link: u32,
    /// What it is.
    pub kind: RunKind,
    /// Whether it is bold.
    pub strong: bool,
    /// What it may say; nothing is known before the survey.
    pub signs: Signs,
    /// What is known of it as a command, once somebody asked.
    judged: Cell<Judged>,
}

/// Whether a code span is something to type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A whole command.
    Whole,
    /// A single word that is a command where the text tells to run it.
    Bare,
    /// Neither, or no code at all.
    No,
}

/// How far a code span was looked at.
#[derive(Clone, Copy, Default)]
enum Judged {
    #[default]
    Never,
    /// It is no whole command.
    Part,
    Typed(Typed),
}

impl Run<'_> {
    /// Tells whether it is a code span that somebody could type; found out once.
    pub fn typed(&self) -> Typed {
        if self.is_command() {
            return Typed::Whole;
        }
        if let Judged::Typed(typed) = self.judged.get() {
            return typed;
        }
        let bare = self.kind == RunKind::Code && code::is_bare_command(self.text);
        let typed = if bare { Typed::Bare } else { Typed::No };
        self.judged.set(Judged::Typed(typed));
        typed
    }

    /// Tells whether it is a code span that is a whole command; found out once.
    pub fn is_command(&self) -> bool {
        if self.kind != RunKind::Code {
            return false;
        }
        match self.judged.get() {
            Judged::Never => {
                let whole = code::is_inline_command(self.text);
                self.judged.set(if whole { Judged::Typed(Typed::Whole) } else { Judged::Part });
                whole
            }
            Judged::Part => false,
            Judged::Typed(typed) => typed == Typed::Whole,
        }
    }

    /// Returns where it stands.
    pub const fn span(&self) -> Range<usize> {
        self.span.range()
    }

    /// Returns where it starts.
    pub const fn start(&self) -> usize {
        self.span.start as usize
    }
}

/// Returns what the text of some runs may say.
pub fn signs_of(runs: &[Run<'_>]) -> Signs {
    runs.iter().fold(Signs::default(), |signs, run| signs.or(run.signs))
}

/// What a piece of inline text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RunKind {
    /// Plain text.
    Text,
    /// A code span.
    Code,
    /// A line's end.
    Break,
    /// Raw HTML.
    Html,
}

/// A list item.
pub struct Item {
    /// The list it stands in; numbered over the document.
    pub list: usize,
    /// The number that CommonMark gives it, where the list is ordered.
    pub number: Option<u64>,
    /// The item it stands in, after mending the nesting.
    pub parent: Option<usize>,
    /// Whether it has a task box.
    pub task: bool,
    span: Extent,
}

impl Item {
    /// Tells whether its list is ordered.
    pub const fn is_ordered(&self) -> bool {
        self.number.is_some()
    }

    /// Returns where it stands.
    pub const fn span(&self) -> Range<usize> {
        self.span.range()
    }
}

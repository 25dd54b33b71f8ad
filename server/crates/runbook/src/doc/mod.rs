//! The document as leaves (headings, paragraphs, code, tables) with the list items they stand in.
//!
//! Flat on purpose: no step after this one recurses on the depth of the input.

mod build;
mod nesting;
mod repair;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use crate::lines::LineIndex;

pub use build::MOST_LEAVES;
pub use repair::Repair;

/// A document.
pub struct Doc<'a> {
    /// The source.
    pub text: &'a str,
    /// Its lines.
    pub lines: LineIndex,
    /// The front matter without its fences.
    pub front: Option<Range<usize>>,
    /// All leaves, in order.
    pub leaves: Vec<Leaf<'a>>,
    /// All list items, in order.
    pub items: Vec<Item>,
    /// Whether it has more blocks than are read.
    pub full: bool,
    /// What was read otherwise than CommonMark would.
    pub repairs: Vec<Repair>,
    /// Items that belong to another item than CommonMark says, in order.
    pub moved: Vec<Range<usize>>,
}

impl Doc<'_> {
    /// Returns the line of an offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.lines.line(offset)
    }
}

/// A block without blocks in it.
pub struct Leaf<'a> {
    /// What it is.
    pub kind: LeafKind<'a>,
    /// Where it stands.
    pub span: Range<usize>,
    /// The innermost list item it stands in.
    pub item: Option<usize>,
    /// Whether it stands in a block quote.
    pub quoted: bool,
    /// Its text; empty for code, tables and rules.
    pub runs: Vec<Run<'a>>,
    plain: OnceCell<String>,
}

impl Leaf<'_> {
    /// Returns its plain text, which is put together once.
    pub fn plain(&self) -> &str {
        self.plain.get_or_init(|| plain(&self.runs))
    }
}

/// What a leaf is.
pub enum LeafKind<'a> {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A paragraph, or the text of a tight list item.
    Paragraph,
    /// A fenced or indented code block.
    Code(Code<'a>),
    /// A table; the first row is the header.
    Table(Vec<Vec<Cell<'a>>>),
    /// Raw HTML, comments among it.
    Html,
    /// A thematic break.
    Rule,
}

/// A table cell.
pub type Cell<'a> = Vec<Run<'a>>;

/// A code block.
pub struct Code<'a> {
    /// The whole info string; empty for an indented block.
    pub info: pulldown_cmark::CowStr<'a>,
    /// Whether it has fences.
    pub fenced: bool,
    /// Its text without the indentation of what it stands in.
    pub text: String,
    /// Where pieces of `text` come from: (offset in `text`, offset in the source), ascending.
    pub pieces: Vec<(usize, usize)>,
}

impl Code<'_> {
    /// Returns the source offset of an offset in `text`.
    pub fn source(&self, offset: usize) -> usize {
        let piece = self.pieces.partition_point(|(at, _)| *at <= offset);
        piece.checked_sub(1).map_or(0, |i| self.pieces[i].1 + (offset - self.pieces[i].0))
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

/// A piece of inline text.
#[derive(Clone)]
pub struct Run<'a> {
    /// What it is.
    pub kind: RunKind,
    /// Its text, unescaped.
    pub text: pulldown_cmark::CowStr<'a>,
    /// Where it stands.
    pub span: Range<usize>,
    /// Whether it is bold.
    pub strong: bool,
    /// The destination of the link it is part of.
    pub link: Option<std::rc::Rc<str>>,
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
    /// Whether that list is ordered.
    pub ordered: bool,
    /// The number that CommonMark gives it, where ordered.
    pub number: Option<u64>,
    /// The item it stands in, after mending the nesting.
    pub parent: Option<usize>,
    /// Whether it has a task box.
    pub task: bool,
    /// Where it stands.
    pub span: Range<usize>,
    /// The column of its marker, in bytes.
    pub column: usize,
}

/// Reads a document.
pub fn read(text: &str) -> Doc<'_> {
    build::build(text)
}

/// Returns the plain text of runs: breaks are spaces, code spans keep their text.
pub fn plain(runs: &[Run<'_>]) -> String {
    let mut out = String::with_capacity(runs.iter().map(|run| run.text.len()).sum());
    for run in runs {
        match run.kind {
            RunKind::Break => out.push(' '),
            RunKind::Html => {}
            RunKind::Text | RunKind::Code => out.push_str(&run.text),
        }
    }
    match crate::words::squeeze(&out) {
        Cow::Borrowed(_) => out,
        Cow::Owned(squeezed) => squeezed,
    }
}

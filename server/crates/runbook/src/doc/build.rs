//! Builds the document from the parser's events.

mod joining;
mod lettered;

use std::cell::Cell;
use std::ops::Range;

use bumpalo::Bump;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Parser, Tag, TagEnd};

use super::nesting::List;
use super::source::{expect, front_matter, span_text, taken, with_line_ends};
use super::{Built, Code, Doc, Extent, Item, Leaf, LeafKind, Run, RunKind, boxes, repair};
use crate::folding::Folds;
use crate::lexicon::Signs;
use crate::lines::LineIndex;
use crate::words::trim;

/// The most blocks that a document may have.
pub const MOST_LEAVES: usize = 200_000;

/// Builds a document whose leaves say nothing yet.
pub fn build<'a>(text: &'a str, room: &'a Bump) -> Doc<'a> {
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    // Few texts have either, and one look tells.
    let rare = memchr::memchr2(b'~', b'\r', text.as_bytes()).is_some();
    let (text, mac) = if rare { with_line_ends(text, room) } else { (text, false) };
    let (front, from) = front_matter(text, bom);
    let mut cuts = repair::segments(text, from, rare);
    // Few texts have a fence with a bracket, and fewer a box of those.
    let text = if cuts.braced { boxes::with_colons(text, room) } else { text };
    if cuts.braced {
        cuts = repair::segments(text, from, rare);
    }
    let repair::Cuts { ranges, repairs, whole, long, .. } = cuts;
    let windows = rare && memchr::memchr(b'\r', text.as_bytes()).is_some();
    let mut builder = Builder::new(text, front, repairs, windows, room);
    builder.doc.long = long;
    builder.doc.mac = mac;
    let mut whole = whole.into_iter().peekable();
    for segment in ranges {
        let end = segment.end;
        builder.segment(segment);
        if let Some(block) = whole.next_if(|block| block.span.start == end) {
            builder.whole(block);
        }
        if end < text.len() {
            builder.doc.reserve(end);
        }
    }
    let mut doc = builder.doc;
    doc.shrink();
    super::nesting::adopt(&mut doc);
    doc
}

struct Builder<'a> {
    doc: Doc<'a>,
    /// Open items, innermost last.
    open: Vec<usize>,
    /// Open lists.
    lists: Vec<List>,
    list_count: usize,
    most_headings: usize,
    /// Whether any line ends as on Windows.
    windows: bool,
    /// Where the line of the last item starts.
    line: u32,
    quotes: usize,
    /// Where the inline text of the block at hand starts.
    from: usize,
    strong: usize,
    /// How many struck-out texts are open: what is in them is no longer meant.
    struck: usize,
    /// Open links, as runs name them, and the innermost of them.
    links: Vec<u32>,
    link: u32,
    /// Whether the last of the blocks of code is open.
    in_code: bool,
    /// What is put together of texts that do not stand side by side: a block of code, or the last run.
    built: Built,
    joining: bool,
    /// Where the rows of the table at hand start, and the cells of its row.
    table: Option<usize>,
    row: usize,
    in_html: bool,
    /// Whether text is now something else than the text of a block.
    odd: bool,
}

impl<'a> Builder<'a> {
    fn new(
        text: &'a str,
        front: Option<Range<usize>>,
        repairs: Vec<repair::Repair>,
        windows: bool,
        room: &'a Bump,
    ) -> Self {
        let doc = Doc {
            text,
            lines: LineIndex::new(text),
            front,
            // What prose needs; growing would copy all of it several times.
            leaves: Vec::with_capacity(text.len() / 64),
            items: Vec::with_capacity(text.len() / 128),
            full: false,
            cut: None,
            mac: false,
            headings: 0,
            repairs,
            long: Vec::new(),
            moved: Vec::new(),
            runs: Vec::with_capacity(text.len() / 32),
            links: Vec::new(),
            codes: Vec::new(),
            cells: Vec::new(),
            rows: Vec::new(),
            texts: Vec::new(),
            folds: Folds::default(),
            room,
        };
        Self {
            doc,
            open: Vec::with_capacity(8),
            lists: Vec::with_capacity(8),
            list_count: 0,
            most_headings: crate::dense::most_headings(text),
            windows,
            line: 0,
            quotes: 0,
            from: 0,
            strong: 0,
            struck: 0,
            links: Vec::new(),
            link: 0,
            in_code: false,
            built: Built::default(),
            joining: false,
            table: None,
            row: 0,
            in_html: false,
            odd: false,
        }
    }

    /// Reads a part of the text.
    fn segment(&mut self, segment: Range<usize>) {
        let base = segment.start;
        let mut events = Parser::new_ext(&self.doc.text[segment], crate::MARKDOWN).into_offset_iter();
        // What an event holds is taken out of it, and what nobody takes is dropped there: nothing is left to be looked at again.
        loop {
            let mut next = events.next();
            let Some((event, range)) = &mut next else { break };
            let goes_on = self.event(event, || Extent::new(range.start + base, range.end + base));
            std::mem::forget(next);
            if !goes_on {
                break;
            }
        }
        self.finish_segment();
    }

    /// Returns whether more is read; only the end of a block may be the last.
    #[inline(always)]
    fn event(&mut self, event: &mut Event<'a>, span: impl Fn() -> Extent) -> bool {
        match event {
            Event::Text(text) if self.odd => self.odd_text(text, span()),
            Event::Text(text) => self.text(text, span()),
            Event::End(tag) => {
                self.end(*tag, span);
                return !self.doc.full;
            }
            Event::Start(tag) => self.begin(tag, span),
            Event::Code(text) => self.span(taken(text, self.doc.room), span()),
            Event::SoftBreak | Event::HardBreak => self.run(RunKind::Break, "\n", span()),
            Event::InlineHtml(text) => self.run(RunKind::Html, taken(text, self.doc.room), span()),
            Event::TaskListMarker(_) => {
                if let Some(item) = self.open.last() {
                    self.doc.items[*item].task = true;
                }
            }
            // The text of a tight item before a rule comes after it, where the item ends.
            Event::Rule => self.push(LeafKind::Rule, span(), Extent::new(self.from, self.from)),
            other => drop(std::mem::replace(other, Event::Rule)),
        }
        true
    }

    fn odd_text(&mut self, text: &mut CowStr<'a>, span: Extent) {
        let text = taken(text, self.doc.room);
        if !self.in_code {
            // Of raw HTML nothing is kept.
            if !self.in_html {
                self.run(RunKind::Html, text, span);
            }
            return;
        }
        if let Some(code) = self.doc.codes.last_mut() {
            code.push(self.doc.text, text, span.range().start, &mut self.built);
        }
    }

    fn heed(&mut self) {
        self.odd = self.in_code || self.in_html || self.struck > 0;
    }

    #[inline(always)]
    fn begin(&mut self, tag: &mut Tag<'a>, span: impl Fn() -> Extent) {
        match tag {
            Tag::Paragraph => self.flush(),
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => {}
            Tag::TableCell => self.from = self.doc.runs.len(),
            Tag::TableHead | Tag::TableRow => self.row = self.doc.cells.len(),
            Tag::Item => {
                self.flush();
                self.start_item(span());
            }
            Tag::Strikethrough => {
                self.struck += 1;
                self.heed();
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                self.start_code(kind);
            }
            // Neither id nor class is asked of the parser.
            Tag::Heading { id: None, classes, attrs, .. } if classes.is_empty() && attrs.is_empty() => self.flush(),
            tag => self.start(tag),
        }
    }

    /// What is less frequent.
    fn start(&mut self, tag: &mut Tag<'a>) {
        if let Tag::Link { dest_url, title, id, .. } | Tag::Image { dest_url, title, id, .. } = tag {
            [title, id].into_iter().for_each(|text| drop(std::mem::replace(text, CowStr::Borrowed(""))));
            return self.link(taken(dest_url, self.doc.room));
        }
        self.flush();
        match tag {
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::List(first) => {
                self.lists.push(List::new(self.list_count, *first));
                self.list_count += 1;
            }
            Tag::Table(columns) => {
                drop(std::mem::take(columns));
                expect(&mut self.doc.cells, self.doc.text.len() / 128);
                expect(&mut self.doc.rows, self.doc.text.len() / 512);
                self.table = Some(self.doc.rows.len());
            }
            Tag::HtmlBlock => {
                self.in_html = true;
                self.heed();
            }
            other => drop(std::mem::replace(other, Tag::Paragraph)),
        }
    }

    fn start_code(&mut self, kind: &mut CodeBlockKind<'a>) {
        self.settle();
        self.in_code = true;
        self.odd = true;
        expect(&mut self.doc.codes, self.doc.text.len() / 384);
        self.doc.codes.push(Code::new(match kind {
            CodeBlockKind::Fenced(info) => taken(info, self.doc.room),
            CodeBlockKind::Indented => "",
        }));
    }

    #[inline(always)]
    fn run(&mut self, kind: RunKind, text: &'a str, span: Extent) {
        self.settle();
        self.doc.runs.push(Run {
            text,
            span,
            link: self.link,
            kind,
            strong: self.strong > 0,
            signs: Signs::ALL,
            judged: Cell::default(),
        });
    }

    fn span(&mut self, text: &'a str, span: Extent) {
        let text = if self.windows { span_text(self.doc.text, text, span.range(), self.doc.room) } else { text };
        let kind = if self.struck > 0 { RunKind::Html } else { RunKind::Code };
        self.run(kind, text, span);
    }

    /// Escapes, entities and emphasis split text; joining it again keeps the count of runs small.
    #[inline(always)]
    fn text(&mut self, text: &mut CowStr<'a>, span: Extent) {
        let text = taken(text, self.doc.room);
        match self.doc.runs.last() {
            Some(last) if last.kind == RunKind::Text && self.doc.runs.len() > self.from && self.joins(last) => {
                self.join(text, span.end);
            }
            _ => self.run(RunKind::Text, text, span),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a document has fewer links than bytes")]
    fn link(&mut self, destination: &'a str) {
        expect(&mut self.doc.links, self.doc.text.len() / 256);
        self.doc.links.push(destination);
        self.link = self.doc.links.len() as u32;
        self.links.push(self.link);
    }

    fn end_link(&mut self) {
        self.links.pop();
        self.link = self.links.last().copied().unwrap_or(0);
    }

    fn start_item(&mut self, span: Extent) {
        let Some(list) = self.lists.last_mut() else {
            return;
        };
        let number = list.next;
        list.next = number.map(|n| n.saturating_add(1));
        // Items come in the order of the text: what stands before the last one is not looked at again.
        let (last, before) = (self.line as usize, span.start as usize);
        let since = self.doc.text.as_bytes().get(last..before).unwrap_or(&[]);
        if let Some(end) = since.iter().rposition(|byte| *byte == b'\n') {
            self.line = Extent::new(last + end + 1, 0).start;
        }
        let place = self.doc.items.len();
        let mut parent = self.open.last().copied();
        if let Some(before) = list.parent(span.start - self.line, place) {
            parent = Some(before);
            self.doc.moved.push(span.range());
        }
        self.doc.items.push(Item { list: list.number, number, parent, task: false, span });
        self.open.push(place);
    }

    #[inline(always)]
    fn end(&mut self, tag: TagEnd, span: impl Fn() -> Extent) {
        match tag {
            TagEnd::Paragraph => self.paragraph(span()),
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => {}
            TagEnd::TableCell => {
                self.doc.cells.push(Extent::new(self.from, self.doc.runs.len()));
                self.from = self.doc.runs.len();
            }
            TagEnd::TableHead | TagEnd::TableRow => self.doc.rows.push(Extent::new(self.row, self.doc.cells.len())),
            TagEnd::Item => {
                self.flush();
                self.open.pop();
            }
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::CodeBlock => self.end_code(span()),
            TagEnd::Heading(level) => self.heading(level as u8, span()),
            TagEnd::Strikethrough => {
                self.struck = self.struck.saturating_sub(1);
                self.heed();
            }
            tag => self.finish(tag, span()),
        }
    }

    /// What is less frequent.
    fn finish(&mut self, tag: TagEnd, span: Extent) {
        match tag {
            TagEnd::Table => {
                let rows = Extent::new(self.table.take().unwrap_or(0), self.doc.rows.len());
                self.leaf(LeafKind::Table(rows), span);
            }
            TagEnd::HtmlBlock => {
                self.in_html = false;
                self.heed();
                self.leaf(LeafKind::Html, span);
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            _ => self.flush(),
        }
    }

    /// A heading; where there are more than anybody finds the way by, it is text.
    fn heading(&mut self, level: u8, span: Extent) {
        if self.doc.headings < self.most_headings {
            self.doc.headings += 1;
            return self.leaf(LeafKind::Heading(level), span);
        }
        self.doc.cut.get_or_insert(span.range().start);
        self.leaf(LeafKind::Paragraph, span);
    }

    #[expect(clippy::cast_possible_truncation, reason = "a document has fewer blocks than bytes")]
    fn end_code(&mut self, span: Extent) {
        self.in_code = false;
        self.heed();
        if let Some(code) = self.doc.codes.last_mut() {
            code.settle(span.range().start, &mut self.built, self.doc.room);
            if matches!(code.info.as_bytes().first(), Some(b'{' | b' ')) && trim(code.info).starts_with('{') {
                code.caption = super::directives::caption(code.text);
            }
            self.leaf(LeafKind::Code(self.doc.codes.len() as u32 - 1), span);
        }
    }

    /// Ends the text of a tight list item, which no tag encloses.
    #[inline(always)]
    fn flush(&mut self) {
        if self.doc.runs.len() > self.from {
            self.flush_text();
        }
    }

    fn flush_text(&mut self) {
        let runs = &self.doc.runs[self.from..];
        if let (Some(first), Some(last), None) = (runs.first(), runs.last(), self.table) {
            let span = Extent { start: first.span.start, end: last.span.end };
            self.paragraph(span);
        }
    }

    /// Adds a leaf; the inline text since the last one is its own.
    fn leaf(&mut self, kind: LeafKind, span: Extent) {
        let runs = Extent::new(self.from, self.doc.runs.len());
        self.from = self.doc.runs.len();
        self.push(kind, span, runs);
    }

    fn push(&mut self, kind: LeafKind, span: Extent, runs: Extent) {
        if self.doc.leaves.len() >= MOST_LEAVES {
            self.doc.full = true;
            return;
        }
        let item = self.open.last().copied().or_else(|| self.adopted(kind));
        self.doc.leaves.push(Leaf { kind, span, item, quoted: self.quotes > 0, runs });
    }

    /// The item that a block of code outside all items belongs to: what an item speaks of stands right behind it.
    #[inline(always)]
    fn adopted(&self, kind: LeafKind) -> Option<usize> {
        let last = self.doc.leaves.last().filter(|_| kind.is_code() && self.quotes == 0)?;
        last.item.filter(|_| last.kind == LeafKind::Paragraph || last.kind.is_code())
    }

    /// A block that CommonMark does not see as one.
    fn whole(&mut self, block: repair::Whole) {
        let text = self.doc.text;
        let mut code = Code::new(&text[block.label]);
        code.caption = block.caption.map(|caption| &text[caption]);
        code.push(text, &text[block.body.clone()], block.body.start, &mut self.built);
        self.doc.codes.push(code);
        self.end_code(Extent::new(block.span.start, block.span.end));
    }

    fn finish_segment(&mut self) {
        self.settle();
        self.flush();
        self.open.clear();
        self.lists.clear();
        self.quotes = 0;
        self.strong = 0;
        self.struck = 0;
        self.heed();
        self.links.clear();
        self.link = 0;
    }
}

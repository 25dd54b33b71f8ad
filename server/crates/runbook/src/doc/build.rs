//! Builds the document from the parser's events.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Parser, Tag, TagEnd};

use super::{Code, Doc, Extent, Item, Leaf, LeafKind, Run, RunKind, repair};
use crate::lexicon::Signs;
use crate::lines::LineIndex;
use crate::words::trim;

/// The most blocks that a document may have.
pub const MOST_LEAVES: usize = 200_000;

/// Runs of more bytes are not joined with what follows, so that joining stays cheap.
const LONGEST_JOINED: usize = 4096;

/// Builds a document.
pub fn build(text: &str) -> Doc<'_> {
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let (front, from) = front_matter(text, bom);
    let repair::Cuts { ranges, repairs, whole, long } = repair::segments(text, from);
    let mut builder = Builder::new(text, front, repairs);
    builder.doc.long = long;
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
    let lists = builder.list_count;
    let mut doc = builder.doc;
    doc.shrink();
    doc.moved = super::nesting::mend(&mut doc.items, lists);
    super::nesting::adopt(&mut doc);
    doc
}

/// Finds YAML front matter at the start: its inside, and where the document goes on.
fn front_matter(text: &str, from: usize) -> (Option<Range<usize>>, usize) {
    const LONGEST: usize = 64 * 1024;
    if !text[from..].starts_with("---") {
        return (None, from);
    }
    let mut lines = text[from..].split_inclusive('\n');
    let Some(first) = lines.next().filter(|l| l.trim_end() == "---") else {
        return (None, from);
    };
    let start = from + first.len();
    let mut at = start;
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            return (Some(start..at), at + line.len());
        }
        at += line.len();
        if at - start > LONGEST || line.starts_with('#') && at == start + line.len() {
            break;
        }
    }
    (None, from)
}

struct Builder<'a> {
    doc: Doc<'a>,
    /// Open items, innermost last.
    open: Vec<usize>,
    /// Open lists: number over the document, the next item's number.
    lists: Vec<(usize, Option<u64>)>,
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
    /// Whether the last of the blocks of code is open, and how long it is.
    in_code: bool,
    room: usize,
    /// Where the rows of the table at hand start, and the cells of its row.
    table: Option<usize>,
    row: usize,
    in_html: bool,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, front: Option<Range<usize>>, repairs: Vec<repair::Repair>) -> Self {
        let doc = Doc {
            text,
            lines: LineIndex::new(text),
            front,
            // What prose needs; growing would copy all of it several times.
            leaves: Vec::with_capacity(text.len() / 64),
            items: Vec::with_capacity(text.len() / 128),
            full: false,
            cut: None,
            headings: 0,
            repairs,
            long: Vec::new(),
            moved: Vec::new(),
            runs: Vec::with_capacity(text.len() / 32),
            links: Vec::with_capacity(text.len() / 256),
            codes: Vec::with_capacity(text.len() / 512),
            cells: Vec::with_capacity(text.len() / 128),
            rows: Vec::with_capacity(text.len() / 512),
        };
        Self {
            doc,
            open: Vec::with_capacity(8),
            lists: Vec::with_capacity(8),
            list_count: 0,
            most_headings: crate::dense::most_headings(text),
            windows: memchr::memchr(b'\r', text.as_bytes()).is_some(),
            line: 0,
            quotes: 0,
            from: 0,
            strong: 0,
            struck: 0,
            links: Vec::new(),
            link: 0,
            in_code: false,
            room: 0,
            table: None,
            row: 0,
            in_html: false,
        }
    }

    /// Reads a part of the text.
    fn segment(&mut self, segment: Range<usize>) {
        let base = segment.start;
        let mut events = Parser::new_ext(&self.doc.text[segment], crate::MARKDOWN).into_offset_iter();
        // What an event holds is taken out of it, and what nobody takes is dropped there: nothing is left to be looked at again.
        while !self.doc.full {
            let mut next = events.next();
            let Some((event, range)) = &mut next else { break };
            self.event(event, Extent::new(range.start + base, range.end + base));
            std::mem::forget(next);
        }
        self.finish_segment();
    }

    #[inline(always)]
    fn event(&mut self, event: &mut Event<'a>, span: Extent) {
        match event {
            Event::Text(text) if self.in_code => {
                if let Some(code) = self.doc.codes.last_mut() {
                    code.push(self.doc.text, &taken(text), span.range().start, self.room);
                }
            }
            Event::Text(text) if self.in_html => drop(taken(text)),
            Event::Text(text) if self.struck > 0 => self.run(RunKind::Html, taken(text), span),
            Event::Text(text) => self.text(text, span),
            Event::End(tag) => self.end(*tag, span),
            Event::Start(tag) => self.begin(tag, span),
            Event::Code(text) => self.span(taken(text), span),
            Event::SoftBreak | Event::HardBreak => self.run(RunKind::Break, Cow::Borrowed("\n"), span),
            Event::InlineHtml(text) => self.run(RunKind::Html, taken(text), span),
            Event::TaskListMarker(_) => {
                if let Some(item) = self.open.last() {
                    self.doc.items[*item].task = true;
                }
            }
            // The text of a tight item before a rule comes after it, where the item ends.
            Event::Rule => self.push(LeafKind::Rule, span, Extent::new(self.from, self.from)),
            other => drop(std::mem::replace(other, Event::Rule)),
        }
    }

    #[inline(always)]
    fn begin(&mut self, tag: &mut Tag<'a>, span: Extent) {
        match tag {
            Tag::Paragraph => self.flush(),
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => {}
            Tag::TableCell => self.from = self.doc.runs.len(),
            Tag::TableHead | Tag::TableRow => self.row = self.doc.cells.len(),
            Tag::Item => {
                self.flush();
                self.start_item(span);
            }
            Tag::Strikethrough => self.struck += 1,
            tag => self.start(tag, span.range().len()),
        }
    }

    /// What is less frequent.
    fn start(&mut self, tag: &mut Tag<'a>, length: usize) {
        if let Tag::Link { dest_url, title, id, .. } | Tag::Image { dest_url, title, id, .. } = tag {
            drop((taken(title), taken(id)));
            return self.link(taken(dest_url));
        }
        self.flush();
        match tag {
            Tag::CodeBlock(kind) => self.start_code(kind, length),
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::List(first) => {
                self.lists.push((self.list_count, *first));
                self.list_count += 1;
            }
            Tag::Table(columns) => {
                drop(std::mem::take(columns));
                self.table = Some(self.doc.rows.len());
            }
            Tag::HtmlBlock => self.in_html = true,
            other => drop(std::mem::replace(other, Tag::Paragraph)),
        }
    }

    fn start_code(&mut self, kind: &mut CodeBlockKind<'a>, length: usize) {
        self.in_code = true;
        self.room = length;
        self.doc.codes.push(Code::new(match kind {
            CodeBlockKind::Fenced(info) => taken(info),
            CodeBlockKind::Indented => Cow::Borrowed(""),
        }));
    }

    #[inline(always)]
    fn run(&mut self, kind: RunKind, text: Cow<'a, str>, span: Extent) {
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

    fn span(&mut self, text: Cow<'a, str>, span: Extent) {
        let text = if self.windows { span_text(self.doc.text, text, span.range()) } else { text };
        let kind = if self.struck > 0 { RunKind::Html } else { RunKind::Code };
        self.run(kind, text, span);
    }

    /// Escapes and entities split text; joining it again keeps the count of runs small.
    #[inline(always)]
    fn text(&mut self, text: &mut CowStr<'a>, span: Extent) {
        match self.doc.runs.last() {
            Some(last) if last.kind == RunKind::Text && self.doc.runs.len() > self.from && self.joins(last) => {
                let text = taken(text);
                self.join(&text, span.end);
            }
            _ => self.run(RunKind::Text, taken(text), span),
        }
    }

    fn joins(&self, last: &Run<'a>) -> bool {
        let leads = |link: u32| link.checked_sub(1).map(|link| &*self.doc.links[link as usize]);
        last.strong == (self.strong > 0)
            && (last.link == self.link || leads(last.link) == leads(self.link))
            && last.text.len() < LONGEST_JOINED
    }

    fn join(&mut self, text: &Cow<'a, str>, end: u32) {
        if let Some(last) = self.doc.runs.last_mut() {
            join(self.doc.text, &mut last.text, text);
            last.span.end = end;
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a document has fewer links than bytes")]
    fn link(&mut self, destination: Cow<'a, str>) {
        self.doc.links.push(destination);
        self.link = self.doc.links.len() as u32;
        self.links.push(self.link);
    }

    fn end_link(&mut self) {
        self.links.pop();
        self.link = self.links.last().copied().unwrap_or(0);
    }

    fn start_item(&mut self, span: Extent) {
        let Some((list, next)) = self.lists.last_mut() else {
            return;
        };
        let number = *next;
        *next = next.map(|n| n.saturating_add(1));
        // Items come in the order of the text: what stands before the last one is not looked at again.
        let (last, before) = (self.line as usize, span.start as usize);
        let since = self.doc.text.as_bytes().get(last..before).unwrap_or(&[]);
        if let Some(end) = since.iter().rposition(|byte| *byte == b'\n') {
            self.line = Extent::new(last + end + 1, 0).start;
        }
        let column = span.start - self.line;
        let parent = self.open.last().copied();
        let item = Item { list: *list, number, parent, task: false, column, span };
        self.open.push(self.doc.items.len());
        self.doc.items.push(item);
    }

    #[inline(always)]
    fn end(&mut self, tag: TagEnd, span: Extent) {
        match tag {
            TagEnd::Paragraph => self.leaf(LeafKind::Paragraph, span),
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
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            tag => self.finish(tag, span),
        }
    }

    /// What is less frequent.
    fn finish(&mut self, tag: TagEnd, span: Extent) {
        match tag {
            TagEnd::Heading(level) => self.heading(level as u8, span),
            TagEnd::CodeBlock => self.end_code(span),
            TagEnd::Table => {
                let rows = Extent::new(self.table.take().unwrap_or(0), self.doc.rows.len());
                self.leaf(LeafKind::Table(rows), span);
            }
            TagEnd::HtmlBlock => {
                self.in_html = false;
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
        if let Some(code) = self.doc.codes.last_mut() {
            code.settle(span.range().start);
            if trim(&code.info).starts_with('{') {
                code.caption = super::directives::caption(&code.text).map(Into::into);
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
            self.leaf(LeafKind::Paragraph, span);
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
        let item = self.open.last().copied();
        self.doc.leaves.push(Leaf {
            kind,
            span,
            item,
            quoted: self.quotes > 0,
            runs,
            plain: OnceCell::new(),
            folding: OnceCell::new(),
        });
    }

    /// A block that CommonMark does not see as one.
    fn whole(&mut self, block: repair::Whole) {
        let text = self.doc.text;
        let mut code = Code::new(Cow::Borrowed(&text[block.label]));
        code.caption = block.caption.map(|caption| text[caption].into());
        code.push(text, &text[block.body.clone()], block.body.start, 0);
        self.doc.codes.push(code);
        self.end_code(Extent::new(block.span.start, block.span.end));
    }

    fn finish_segment(&mut self) {
        self.flush();
        self.open.clear();
        self.lists.clear();
        self.quotes = 0;
        self.strong = 0;
        self.struck = 0;
        self.links.clear();
        self.link = 0;
    }
}

/// Takes a text and leaves none.
#[inline(always)]
fn taken<'a>(text: &mut CowStr<'a>) -> Cow<'a, str> {
    match text {
        CowStr::Borrowed(text) => Cow::Borrowed(text),
        text => owned(text),
    }
}

#[cold]
fn owned<'a>(text: &mut CowStr<'a>) -> Cow<'a, str> {
    Cow::Owned(std::mem::replace(text, CowStr::Borrowed("")).into_string())
}

/// The text of a code span: the parser makes two blanks of the two characters that end a line on Windows.
fn span_text<'a>(source: &'a str, text: Cow<'a, str>, span: Range<usize>) -> Cow<'a, str> {
    let written = source.get(span).unwrap_or("");
    if !written.contains("\r\n") {
        return text;
    }
    let inner = written.trim_matches('`');
    // Where marks of a quote stand between its lines the two differ in length by more than a blank at either end.
    if text.len() != inner.len() && text.len() + 2 != inner.len() {
        return text;
    }
    let line = inner.replace("\r\n", " ").replace(['\n', '\r'], " ");
    let padded = line.strip_prefix(' ').and_then(|rest| rest.strip_suffix(' '));
    let unpadded = padded.filter(|rest| !rest.trim_matches(' ').is_empty());
    Cow::Owned(unpadded.map_or_else(|| line.clone(), str::to_owned))
}

/// Appends a text to one; what stands side by side in the source stays borrowed from it.
fn join<'a>(source: &'a str, before: &mut Cow<'a, str>, after: &Cow<'a, str>) {
    if let (Cow::Borrowed(before), Cow::Borrowed(after)) = (&mut *before, after)
        && before.as_bytes().as_ptr_range().end == after.as_ptr()
        && let Some(start) = (before.as_ptr() as usize).checked_sub(source.as_ptr() as usize)
        && let Some(joined) = source.get(start..start + before.len() + after.len())
    {
        *before = joined;
        return;
    }
    if let Cow::Borrowed(text) = *before {
        // What was split once mostly goes on: "a *b* c".
        let mut owned = String::with_capacity(2 * (text.len() + after.len()));
        owned.push_str(text);
        *before = Cow::Owned(owned);
    }
    before.to_mut().push_str(after);
}

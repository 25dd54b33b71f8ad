//! Builds the document from the parser's events.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Parser, Tag, TagEnd};

use super::{Code, Doc, Item, Leaf, LeafKind, Run, RunKind, repair};
use crate::lines::LineIndex;

/// The most blocks that a document may have.
pub const MOST_LEAVES: usize = 200_000;

/// Builds a document.
pub fn build(text: &str) -> Doc<'_> {
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let (front, from) = front_matter(text, bom);
    let (segments, repairs) = repair::segments(text, from);
    let mut builder = Builder::new(text);
    for segment in segments {
        builder.base = segment.start;
        for (event, range) in Parser::new_ext(&text[segment], crate::MARKDOWN).into_offset_iter() {
            if builder.full {
                break;
            }
            builder.event(event, range.start + builder.base..range.end + builder.base);
        }
        builder.finish_segment();
    }
    let mut items = builder.items;
    let moved = super::nesting::mend(&mut items);
    let mut doc =
        Doc { text, full: builder.full, lines: builder.lines, front, leaves: builder.leaves, items, repairs, moved };
    super::nesting::adopt(&mut doc);
    doc
}

/// Finds YAML front matter at the start: its inside, and where the document goes on.
fn front_matter(text: &str, from: usize) -> (Option<Range<usize>>, usize) {
    const LONGEST: usize = 64 * 1024;
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
    base: usize,
    lines: LineIndex,
    leaves: Vec<Leaf<'a>>,
    items: Vec<Item>,
    /// Open items, innermost last.
    open: Vec<usize>,
    /// Open lists: number over the document, the next item's number.
    lists: Vec<(usize, Option<u64>)>,
    list_count: usize,
    quotes: usize,
    runs: Vec<Run<'a>>,
    run_start: Option<usize>,
    run_end: usize,
    strong: usize,
    links: Vec<Rc<str>>,
    code: Option<Code<'a>>,
    rows: Vec<Vec<Vec<Run<'a>>>>,
    in_table: bool,
    html_start: Option<usize>,
    full: bool,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            base: 0,
            lines: LineIndex::new(text),
            leaves: Vec::new(),
            items: Vec::new(),
            open: Vec::new(),
            lists: Vec::new(),
            list_count: 0,
            quotes: 0,
            runs: Vec::new(),
            run_start: None,
            run_end: 0,
            strong: 0,
            links: Vec::new(),
            code: None,
            rows: Vec::new(),
            in_table: false,
            html_start: None,
            full: false,
        }
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => match &mut self.code {
                Some(code) => {
                    code.pieces.push((code.text.len(), range.start));
                    code.text.push_str(&text);
                }
                None if self.html_start.is_some() => {}
                None => self.run(RunKind::Text, text, range),
            },
            Event::Code(text) => self.run(RunKind::Code, text, range),
            Event::SoftBreak | Event::HardBreak => self.run(RunKind::Break, "\n".into(), range),
            Event::InlineHtml(text) => self.run(RunKind::Html, text, range),
            Event::TaskListMarker(_) => {
                if let Some(item) = self.open.last() {
                    self.items[*item].task = true;
                }
            }
            Event::Rule => self.leaf(LeafKind::Rule, range, Vec::new()),
            _ => {}
        }
    }

    fn run(&mut self, kind: RunKind, text: CowStr<'a>, span: Range<usize>) {
        self.run_start.get_or_insert(span.start);
        self.run_end = span.end;
        // Escapes and entities split text; joining it again keeps the count of runs small.
        if let Some(last) = self.runs.last_mut()
            && kind == RunKind::Text
            && last.kind == RunKind::Text
            && last.strong == (self.strong > 0)
            && last.link.as_ref() == self.links.last()
            && last.text.len() < 4096
        {
            last.text = format!("{}{text}", last.text).into();
            last.span.end = span.end;
            return;
        }
        let link = self.links.last().cloned();
        self.runs.push(Run { kind, text, span, strong: self.strong > 0, link });
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::Strong => self.strong += 1,
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push(Rc::from(&*dest_url));
            }
            Tag::Emphasis | Tag::Strikethrough => {}
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::TableCell => self.runs.clear(),
            _ => {
                self.flush();
                self.start_block(tag, range);
            }
        }
    }

    fn start_block(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::CodeBlock(kind) => {
                let (info, fenced) = match kind {
                    CodeBlockKind::Fenced(info) => (info, true),
                    CodeBlockKind::Indented => ("".into(), false),
                };
                self.code = Some(Code { info, fenced, text: String::new(), pieces: Vec::new() });
            }
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::List(first) => {
                self.lists.push((self.list_count, first));
                self.list_count += 1;
            }
            Tag::Item => self.start_item(range),
            Tag::Table(_) => self.in_table = true,
            Tag::HtmlBlock => self.html_start = Some(range.start),
            _ => {}
        }
    }

    fn start_item(&mut self, range: Range<usize>) {
        let Some((list, next)) = self.lists.last_mut() else {
            return;
        };
        let number = *next;
        *next = next.map(|n| n.saturating_add(1));
        let item = Item {
            list: *list,
            ordered: number.is_some(),
            number,
            parent: self.open.last().copied(),
            task: false,
            column: self.lines.column(range.start),
            span: range,
        };
        self.open.push(self.items.len());
        self.items.push(item);
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => drop(self.links.pop()),
            TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::TableHead | TagEnd::TableRow => {}
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.runs);
                self.run_start = None;
                self.rows.last_mut().into_iter().for_each(|row| row.push(cell.clone()));
            }
            TagEnd::Heading(level) => {
                let runs = self.take_runs();
                self.leaf(LeafKind::Heading(level as u8), range, runs);
            }
            TagEnd::Paragraph => {
                let runs = self.take_runs();
                self.leaf(LeafKind::Paragraph, range, runs);
            }
            TagEnd::CodeBlock => {
                if let Some(code) = self.code.take() {
                    self.leaf(LeafKind::Code(code), range, Vec::new());
                }
            }
            TagEnd::Table => {
                self.in_table = false;
                let rows = std::mem::take(&mut self.rows);
                self.leaf(LeafKind::Table(rows), range, Vec::new());
            }
            TagEnd::HtmlBlock => {
                self.html_start = None;
                self.leaf(LeafKind::Html, range, Vec::new());
            }
            _ => {
                self.flush();
                self.end_container(tag);
            }
        }
    }

    fn end_container(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::List(_) => drop(self.lists.pop()),
            TagEnd::Item => drop(self.open.pop()),
            _ => {}
        }
    }

    fn take_runs(&mut self) -> Vec<Run<'a>> {
        self.run_start = None;
        // As large as it has to be: most leaves hold one run, and room for more would be most of what a document costs.
        self.runs.drain(..).collect()
    }

    /// Ends the text of a tight list item, which no tag encloses.
    fn flush(&mut self) {
        if self.in_table {
            return;
        }
        if let Some(start) = self.run_start.take() {
            let end = self.run_end;
            let runs = self.take_runs();
            self.leaf(LeafKind::Paragraph, start..end, runs);
        }
    }

    fn leaf(&mut self, kind: LeafKind<'a>, span: Range<usize>, runs: Vec<Run<'a>>) {
        if self.leaves.len() >= MOST_LEAVES {
            self.full = true;
            return;
        }
        let item = self.open.last().copied();
        self.leaves.push(Leaf { kind, span, item, quoted: self.quotes > 0, runs, plain: OnceCell::new() });
    }

    fn finish_segment(&mut self) {
        self.flush();
        self.open.clear();
        self.lists.clear();
        self.quotes = 0;
        self.strong = 0;
        self.links.clear();
    }
}

//! Code blocks: one node a command, one node for what is only shown.

pub mod captions;
pub mod comments;
pub mod drawn;
pub mod examples;
pub mod filed;
pub mod inner;
pub mod put;
pub mod recurring;
pub mod swapped;

use std::ops::Range;

use farol_api::graph::{CommandLanguage, NodeKind};
use farol_api::runbook::BlockKind;

use super::{BlockDraft, Lead, Origin, Walker, kind_of};
use crate::attributes::Fence;
use crate::code::{self, Logical, Piece};
use crate::doc::Code;
use crate::folding::Words;
use crate::lexicon::{Category, split_guard};
use crate::params;
use crate::steps::forbidden::heeds::Heed;
use crate::steps::prose::spans;
use crate::steps::{context, items};
use crate::words::{fold, past_marks, shorten, trim};

use comments::{Entry, Line};

/// The block being read.
struct Block<'c> {
    code: &'c Code<'c>,
    fence: Fence,
    lead: Lead<'c>,
    /// How many drafts there were before it.
    first: usize,
    /// Whether a comment calls the commands that follow each other here a bad example.
    wrong: bool,
    /// Whether a comment over the whole block calls it so.
    headed: bool,
    /// Whether nothing in it runs, so that no value in it is asked for.
    remarks: bool,
    /// Comment lines that nothing has taken yet.
    pending: Vec<Line>,
    /// Whether a blank line came after them.
    gap: bool,
    /// Whether they stand right below a command.
    below: bool,
    /// The last command in this block.
    last: Option<usize>,
    /// Whether a comment says that what follows it is put into a file.
    edits: bool,
    /// The condition over numbered comments: "If the data is bad, restore:".
    group: Option<(String, usize)>,
    /// Whether the numbered comments that follow tell what a program does.
    told: bool,
    /// The condition of the commands that follow each other without a word between.
    guard: Option<(String, usize)>,
}

/// `NAME=value` alone, with nothing to work out.
fn is_value(text: &str) -> bool {
    code::is_assignment(text) && !text.contains("$(") && !text.contains('`')
}

impl<'c> Block<'c> {
    const fn new(code: &'c Code<'c>, fence: Fence, lead: Lead<'c>, first: usize) -> Self {
        Self {
            code,
            fence,
            lead,
            first,
            remarks: false,
            wrong: false,
            headed: false,
            pending: Vec::new(),
            gap: false,
            below: false,
            last: None,
            edits: false,
            guard: None,
            group: None,
            told: false,
        }
    }
}

impl Walker<'_> {
    pub(super) fn code(&mut self) {
        let doc = self.doc;
        let Some(code) = doc.code(self.leaf) else { return };
        let Some((mut fence, reading)) = self.context.take_code(&doc.leaves[self.leaf]) else { return };
        let span = self.doc.leaves[self.leaf].span();
        let mut lead = self.lead.take().unwrap_or_default();
        self.out.attributes.extend(fence.problems.drain(..).map(|problem| (self.leaf, problem)));
        let outline = self.outline;
        let under = self.section.map_or("", |s| outline.sections[s].name);
        let wrong = self.calls_wrong(lead.title) || lead.title.is_empty() && self.calls_wrong(under);
        let said = captions::may_be(code)
            && captions::of(code, &fence).any(|caption| self.condemns(caption) || self.skips(caption, code.text));
        let doubted = !self.heading_lets_read(&lead, code.text)
            || [lead.title, under].into_iter().any(|words| self.skips(words, code.text));
        lead.prohibits = lead.prohibits && !self.only_looks(&lead, &reading.pieces);
        let forbidden = lead.prohibits || wrong || said || doubted || self.forbidden;
        if let (true, Some(caption)) = (lead.title.is_empty(), code.caption) {
            self.points = true;
            lead.title = caption;
        }
        if reading.kind == BlockKind::Reference && !forbidden {
            self.step_of_shown(&lead);
        }
        let first = self.out.drafts.len();
        let (kind, label) = if reading.kind == BlockKind::Reference || forbidden {
            self.shown(code, &fence, &lead, forbidden);
            let announces = lead.prohibits && lead.text.trim_end_matches(['*', '_', ' ', '\n', '\r']).ends_with(':');
            if announces && self.doc.leaves.get(self.leaf + 1).is_some_and(|next| next.kind.is_code()) {
                // "Never run these:" speaks of all blocks that follow each other.
                self.lead = Some(lead);
            }
            let label = match forbidden || self.quiet() {
                true => fence.label,
                false => self.remarks(code, fence),
            };
            (BlockKind::Reference, label)
        } else {
            self.end_due_checklist();
            self.titles.clear();
            let kept = lead.item.is_some().then(|| lead.clone());
            let mut block = Block::new(code, fence, lead, first);
            for piece in reading.pieces {
                if self.out.cut.is_some() {
                    break;
                }
                self.piece(&mut block, piece);
            }
            self.detached(&mut block);
            self.block_arm = None;
            // Several blocks in one item share what the item says.
            self.lead = kept;
            let mut made = (first..self.out.drafts.len()).map(|draft| &self.out.drafts[draft]);
            let commands = made.any(|d| d.command.is_some() && d.kind != NodeKind::Prohibition);
            (if commands { reading.kind } else { BlockKind::Reference }, block.fence.label)
        };
        let drafts = first..self.out.drafts.len();
        self.out.blocks.push(BlockDraft { leaf: self.leaf, kind, label, drafts, span });
    }

    /// A script of nothing but comments tells a person what to do; returns its label.
    fn remarks<'c>(&mut self, code: &'c Code<'c>, fence: Fence) -> String {
        let only = code.text.lines().all(|l| l.trim().is_empty() || l.trim_start().starts_with('#'));
        if !only || !code::is_script(&fence.label) {
            self.drawn(code, &fence);
            return fence.label;
        }
        let mut block = Block { remarks: true, ..Block::new(code, fence, Lead::default(), self.out.drafts.len()) };
        let mut at = 0;
        for line in code.text.split_inclusive('\n') {
            let piece = if line.trim().is_empty() { Piece::Blank } else { code::comment(line, at) };
            self.piece(&mut block, piece);
            at += line.len();
        }
        self.detached(&mut block);
        block.fence.label
    }

    /// A list of steps that is drawn in a block of words is done by a person.
    fn drawn(&mut self, code: &Code<'_>, fence: &Fence) {
        let steps = drawn::steps(&fence.label, code.text);
        // Capitals name the boxes of a diagram.
        let calm = |step: &&Entry| step.head().chars().any(char::is_lowercase);
        let orders = |step: &&Entry| items::orders(self.lexicon, Words::NONE, step.head());
        // A list of what happened, or of what there is, orders here and there by chance.
        if steps.iter().filter(calm).filter(orders).count() * 3 < steps.len() * 2 {
            return;
        }
        let mut block =
            Block { remarks: true, ..Block::new(code, fence.clone(), Lead::default(), self.out.drafts.len()) };
        for step in steps.iter().filter(calm) {
            self.entry(&mut block, step);
        }
    }

    /// A block that is shown only: a reference, a prohibition, or what the last command should print.
    fn shown(&mut self, code: &Code<'_>, fence: &Fence, lead: &Lead<'_>, forbidden: bool) {
        let span = self.doc.leaves[self.leaf].span();
        let text = code.text.trim_end().to_owned();
        if let (true, Some(last)) = (lead.expects, self.last_command) {
            self.out.drafts[last].rare().expected.get_or_insert_with(|| shorten(&text, 4000).to_owned());
            return;
        }
        let title = if lead.title.is_empty() { self.heading() } else { lead.title };
        let kind = if forbidden { NodeKind::Prohibition } else { NodeKind::Reference };
        let inner = code.source_range(0..code.text.trim_end().len());
        let command = self.shown_command(text, inner);
        let mut draft = self.draft(kind, Origin::Block, title, span);
        draft.text = lead.text.to_owned();
        draft.attributes = fence.own();
        if let Some(id) = fence.get("id") {
            draft.rare().wanted_id = Some(id.to_owned());
        }
        draft.command = Some(command.into());
        self.push(draft);
    }

    /// Text that never runs: no placeholder in it is ever asked for.
    fn shown_command(&self, text: String, span: Range<usize>) -> farol_api::graph::Command {
        let line = self.doc.line(span.start);
        farol_api::graph::Command {
            language: CommandLanguage::Other,
            text,
            placeholders: Vec::new(),
            span: span.into(),
            line,
        }
    }

    fn piece(&mut self, block: &mut Block<'_>, piece: Piece) {
        match piece {
            Piece::Blank => block.gap = true,
            Piece::Output => self.detached(block),
            Piece::Comment(text, range) => self.comment(block, text, range),
            Piece::Command(logical) => {
                let mut lines = std::mem::take(&mut block.pending);
                if block.below && block.gap && self.is_a_remark(&lines) {
                    // What came out of the command above it.
                    lines.clear();
                }
                let silent = lines.is_empty();
                // What stands over a whole block, apart from its first command, speaks of all of it.
                let apart = block.gap && !silent && self.out.drafts.len() == block.first;
                let follows = !block.gap && silent;
                if !follows {
                    block.guard = None;
                }
                let above = comments::above(self.lexicon, lines);
                block.edits = self.edits_a_file(&above.title) || block.edits && follows;
                if block.edits && is_value(&logical.text) {
                    return self.value(block, above, logical);
                }
                let heed = self.heed_above(&above.title, &above.text, &logical.text);
                let forbidden = matches!(heed, Heed::Forbidden);
                block.headed = forbidden && apart || block.headed && silent;
                block.wrong = forbidden || block.headed || block.wrong && follows;
                for entry in &above.own {
                    self.entry(block, entry);
                }
                if !above.text.is_empty() && !above.numbered {
                    block.group = None;
                }
                let warned = match heed {
                    Heed::Warned(words) => {
                        self.warn(words, block.code.source_range(above.range));
                        (above.title == words).then(|| self.before_warning(words).to_owned())
                    }
                    _ => None,
                };
                let title = warned.unwrap_or(above.title);
                self.logical(block, logical, &title, above.guard, above.text);
                block.gap = false;
            }
        }
    }

    /// "Edit .env" and `PORT=80` below it: one thing to do by hand.
    fn value(&mut self, block: &mut Block<'_>, above: comments::Above, logical: Logical) {
        for entry in &above.own {
            self.entry(block, entry);
        }
        if above.title.is_empty() {
            return;
        }
        let span = block.code.source_range(above.range);
        let mut draft = self.draft(NodeKind::Manual, Origin::Comment, above.title, span);
        draft.text = format!("{}\n{}", above.text, logical.text);
        self.push(draft);
        block.gap = false;
    }

    /// Tells whether a comment says to change a file that people edit.
    fn edits_a_file(&self, title: &str) -> bool {
        title.contains('.') && self.lexicon.may_start(Category::Edits, title) && {
            let folded = fold(shorten(title, 120));
            let named = |word: &str| context::is_edited_file(word.trim_matches(['`', '"', '\'', ':', ',', ')', '(']));
            self.lexicon.starts(Category::Edits, &folded).is_some() && folded.split(' ').any(named)
        }
    }

    fn comment(&mut self, block: &mut Block<'_>, text: String, range: Range<usize>) {
        let follows = block.pending.is_empty() && !block.gap;
        let named = self.block_arms.binary_search_by_key(&(self.leaf, range.start), |(leaf, at, _)| (*leaf, *at));
        if let Ok(named) = named {
            self.detached(block);
            self.block_arm = self.block_arms[named].2;
        }
        // Prose is full of what commands are filled in by, but not of brackets.
        let bracketed = !block.remarks && text.contains(['<', '{']);
        let tokens = if bracketed { params::find_in_comment(&text) } else { Vec::new() };
        for token in tokens {
            self.out.comment_tokens.push((token, block.code.source(range.start)));
        }
        if let Some(last) = block.last.filter(|_| follows && self.tells_what_is_expected(&text)) {
            self.out.drafts[last].rare().expected.get_or_insert_with(|| text.clone());
            return;
        }
        if block.gap && !block.pending.is_empty() {
            self.detached(block);
        }
        if block.pending.is_empty() {
            block.below = follows && block.last.is_some();
        }
        block.gap = false;
        block.pending.push((text, range));
    }

    fn tells_what_is_expected(&self, comment: &str) -> bool {
        self.lexicon.may_start(Category::Expected, comment) && {
            let folded = fold(shorten(comment, 200));
            let start = past_marks(&folded);
            self.lexicon.starts(Category::Expected, start).is_some()
        }
    }

    /// Comments with no command below them.
    fn detached(&mut self, block: &mut Block<'_>) {
        let entries = comments::entries(std::mem::take(&mut block.pending));
        // "The script:" and its steps below.
        let head = entries.first().map_or("", |entry| if entry.numbered { "" } else { entry.head() });
        let told = entries.len() > 1 && head.ends_with(':') && self.describes(head);
        for entry in entries.iter().filter(|_| !told) {
            self.entry(block, entry);
        }
        block.gap = false;
    }

    /// A comment that stands alone orders something, forbids something, or is a note.
    fn entry(&mut self, block: &mut Block<'_>, entry: &Entry) {
        let head = entry.head();
        // "✅ Removes the shop's volumes alone": what the command above does, or does not.
        if block.last.is_some() && head.starts_with(['✅', '✓', '✔', '❌', '✗', '✖']) {
            return;
        }
        let span = block.code.source_range(entry.range());
        if self.prohibits(head) || self.only_forbids(head) {
            let draft = self.draft(NodeKind::Prohibition, Origin::Comment, head, span);
            self.push(draft);
            return;
        }
        let split = split_guard(self.lexicon, Words::NONE, head);
        let acts = entry.orders(self.lexicon);
        let alternative = self.lexicon.may_start(Category::Alternative, head)
            && self.lexicon.starts(Category::Alternative, &fold(head)).is_some();
        let place = span.start;
        let guard = split.guard.map(|g| (g.to_owned(), place));
        if !entry.numbered && head.ends_with(':') && guard.is_some() {
            // It heads the numbered comments below it.
            self.out.loose_guards.push(place);
            block.group = guard;
            return;
        }
        // "The pipeline:" and "1. Builds the image": what it does by itself.
        block.told = block.told && entry.numbered || !entry.numbered && head.ends_with(':') && self.describes(head);
        if !acts || block.told || alternative && !entry.numbered && block.last.is_none() {
            return;
        }
        let parts = entry.parts(self.lexicon, block.code.text);
        for (words, range) in parts {
            let span = block.code.source_range(range.clone());
            let mut draft = self.draft(NodeKind::Manual, Origin::Comment, words.as_str(), span);
            draft.guard.clone_from(&guard);
            draft.text.clone_from(words);
            self.push(draft);
        }
        if !parts.is_empty() {
            return;
        }
        let text = entry.text();
        let mut draft = self.draft(NodeKind::Manual, Origin::Comment, split.rest, span);
        draft.guard = guard;
        draft.text = text;
        self.push(draft);
    }

    fn logical(&mut self, block: &mut Block<'_>, logical: Logical, title: &str, guard: Option<String>, text: String) {
        let span = block.code.source_range(logical.range.clone());
        let language = logical.language;
        let heeds =
            [self.heed_behind(block.code, &logical.range, &logical.text), self.heed_inside(language, &logical.text)];
        let place = span.start;
        if !block.wrong && !heeds.iter().any(|heed| matches!(heed, Heed::Forbidden)) {
            for heed in &heeds {
                if let Heed::Warned(words) = heed {
                    self.warn(words, span.clone());
                }
            }
        } else {
            let shown = self.shown_command(logical.text, span.clone());
            let before = self.out.drafts.last().filter(|_| self.out.drafts.len() > block.first);
            let before = before.map_or("", |draft| draft.title.as_str());
            let title = [title, before, block.lead.title, self.heading()].into_iter().find(|title| !title.is_empty());
            let title = title.unwrap_or("").to_owned();
            let mut draft = self.draft(NodeKind::Prohibition, Origin::Block, title, span);
            draft.points = true;
            draft.command = Some(shown.into());
            draft.text = text;
            self.push(draft);
            return;
        }
        let alternative = guard.is_none() && self.lexicon.may_start(Category::Alternative, title);
        if alternative && self.lexicon.starts(Category::Alternative, &fold(shorten(title, 60))).is_some() {
            self.out.loose_guards.push(place);
        }
        let kind = kind_of(language, &logical.text);
        let repeated = || block.last.is_some_and(|last| self.out.drafts[last].points);
        let points = !title.is_empty() || !text.is_empty() || block.fence.get("title").is_some() || repeated();
        let title = self.title(block, title, &logical.text);
        let mut draft = self.draft(kind, Origin::Block, title, span.clone());
        draft.points |= points;
        self.command(&mut draft, language, logical.text, span);
        let own = guard.map(|g| (g, place)).or_else(|| block.guard.clone());
        block.guard.clone_from(&own);
        draft.guard = own.or_else(|| block.group.clone()).or_else(|| block.lead.guard.clone());
        let led = text.is_empty() && self.out.drafts.len() == block.first;
        draft.text = if led { block.lead.text.to_owned() } else { text };
        draft.attributes = block.fence.own();
        let condition = block.fence.attributes.condition().map(|condition| (condition.to_owned(), place));
        draft.guard = condition.or(draft.guard);
        if let Some(expected) = block.fence.get("expect") {
            draft.rare().expected = Some(expected.to_owned());
        }
        if let Some(id) = block.fence.get("id").or(block.fence.get("name")) {
            draft.rare().wanted_id = Some(id.to_owned());
        }
        let Some(index) = self.push(draft) else { return };
        block.last = Some(index);
        self.last_command = Some(index);
    }

    /// The comment above, the author's attribute, the item or paragraph before, the heading: the nearest.
    fn title(&mut self, block: &Block<'_>, comment: &str, command: &str) -> String {
        let attribute = block.fence.get("title").unwrap_or("");
        let comment = if spans::only_joins(comment) { "" } else { comment };
        let before = block.last.filter(|_| comment.is_empty()).map(|d| self.out.drafts[d].title.as_str());
        let (repeats, repeated) = (before.is_some(), before.unwrap_or(""));
        let base = [comment, attribute, repeated, block.lead.title, self.heading()]
            .into_iter()
            .find(|t| !trim(t).is_empty())
            .unwrap_or_else(|| command.lines().next().unwrap_or(""));
        let mut base = super::clean_title(base);
        let numbered = |n: &str| n.trim_end_matches(')').parse::<u32>().is_ok();
        if repeats && let Some((bare, _)) = base.rsplit_once(" (").filter(|(_, n)| numbered(n)) {
            base.truncate(bare.len());
        }
        match self.titles.get_mut(base.as_str()) {
            Some(count) => {
                *count += 1;
                format!("{base} ({count})")
            }
            None => {
                self.titles.insert(self.doc.keep(&base), 1);
                base
            }
        }
    }
}

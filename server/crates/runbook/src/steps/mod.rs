//! From leaves to drafts of nodes, in the order of the text.
//!
//! `context` is what has to be known of all leaves first. `blocks`, `items`, `prose`, `tables` and `folds` each read one kind of
//! leaf; `labels` names arms. What keeps a command from running is asked of two folders: `forbidden` knows what must not be
//! run, `told` what only is told of.

mod blocks;
mod consoles;
mod context;
mod draft;
mod folds;
mod forbidden;
mod items;
mod labels;
mod prose;
mod tables;
mod told;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use farol_api::graph::{Command, CommandLanguage, NodeKind};
use farol_api::text::Span;
use rustc_hash::FxHashMap;

use crate::attributes;
use crate::chunks::Chunks;
use crate::code;
use crate::doc::{Doc, LeafKind, Run};
use crate::folding::Words;
use crate::lexicon::{Category, Guarded, Lexicon, Signs, split_guard, split_leading};
use crate::numbered::Numbered;
use crate::outline::Outline;
use crate::params::{self, Assigned, Names};
use crate::references::Places;
use crate::titles::Titles;
use crate::words::{shorten, squeeze};

pub use context::Context;
pub use draft::{Draft, Origin};
use forbidden::stance::Stance;
use forbidden::unread::Unread;
pub use items::orders;

/// A code block as it was read.
pub struct BlockDraft {
    pub leaf: usize,
    pub kind: farol_api::runbook::BlockKind,
    pub label: String,
    pub drafts: Range<usize>,
    pub span: Range<usize>,
}

/// A checklist before its items have ids.
pub struct ChecklistDraft {
    pub title: String,
    pub drafts: Vec<usize>,
    pub span: Range<usize>,
    list: usize,
}

/// All that walking over a document yields.
#[derive(Default)]
pub struct Steps {
    pub drafts: Chunks<Draft>,
    pub blocks: Vec<BlockDraft>,
    pub checklists: Vec<ChecklistDraft>,
    /// The arms that drafts lie in, outermost first; those that follow each other share them.
    pub arms: Vec<Vec<usize>>,
    /// Conditions that guard no node of their own, by place.
    pub loose_guards: Vec<usize>,
    /// Tokens in comments of executable blocks: token, place.
    pub comment_tokens: Vec<(String, usize)>,
    /// Fence attributes that are not understood, by leaf.
    pub attributes: Vec<(usize, attributes::Problem)>,
    /// Conditions of arms that a sentence in them names: arm, condition.
    pub arm_guards: Vec<(usize, String)>,
    /// Leaves that are lists of metadata, by leaf.
    pub empty_steps: Vec<usize>,
    /// Where what would be one step too many stands: from there on all is text.
    pub cut: Option<usize>,
}

/// Walks over a document; `meta` tells for each leaf whether it is a paragraph of metadata.
pub fn walk(doc: &Doc<'_>, lexicon: &'static Lexicon, outline: &mut Outline<'_>, meta: Vec<bool>) -> Steps {
    let label_arms = labels::find(doc, lexicon, outline);
    let context = Context::new(doc, lexicon, meta);
    let block_arms = labels::in_blocks(doc, lexicon, outline, &context);
    let mut walker = Walker {
        doc,
        lexicon,
        outline,
        context,
        label_arms,
        block_arms,
        block_arm: None,
        label_at: 0,
        section: None,
        leaf: 0,
        said: Words::NONE,
        signs: Signs::ALL,
        before: Words::NONE,
        lead: None,
        checklist_due: None,
        last_command: None,
        assigned: Assigned::default(),
        names: Names::new(),
        titles: FxHashMap::default(),
        list_lead: None,
        ordering: None,
        mistakes: forbidden::mistakes::Mistakes::default(),
        section_titles: OnceCell::new(),
        section_names: OnceCell::new(),
        numbered: OnceCell::new(),
        section_guard: None,
        forbidden: false,
        stance: (Stance::Free, 0),
        acted: false,
        stances: Vec::new(),
        points: false,
        around: folds::Around::of(doc.text),
        forbidden_item: None,
        out: Steps::default(),
    };
    walker.run();
    let mut out = walker.out;
    for (arm, condition) in std::mem::take(&mut out.arm_guards) {
        outline.arms[arm].guard.get_or_insert(condition);
    }
    out
}

/// What introduces the next block or list.
#[derive(Clone, Debug, Default)]
struct Lead<'a> {
    title: &'a str,
    guard: Option<(String, usize)>,
    text: &'a str,
    item: Option<usize>,
    prohibits: bool,
    expects: bool,
    /// "After ten minutes:".
    minutes: Option<u32>,
    /// "The script does the following:".
    describes: bool,
}

/// What the words before a list say of all its items.
#[derive(Clone, Debug, Default)]
struct ListLead {
    guard: Option<(String, usize)>,
    minutes: Option<u32>,
    /// Whether the items tell what a program does.
    describes: bool,
    /// "Additional resources:": links below it are no orders.
    informs: bool,
    /// "Causes:": only what is ordered behind a cause is a step.
    causes: bool,
    /// "Solution:" in a section that only tells.
    mends: bool,
    /// "Verifique:" and "se o domínio está certo" below it: what is looked at, and no condition.
    checks: bool,
}

struct Walker<'a> {
    doc: &'a Doc<'a>,
    lexicon: &'static Lexicon,
    outline: &'a Outline<'a>,
    context: Context,
    /// Leaf ranges that are labelled arms, ascending.
    label_arms: Vec<(Range<usize>, usize)>,
    /// Arms that comments in a block name: leaf, offset in the block's text, arm; ascending.
    block_arms: Vec<(usize, usize, Option<usize>)>,
    /// The arm within the block at hand.
    block_arm: Option<usize>,
    label_at: usize,
    section: Option<usize>,
    leaf: usize,
    /// The plain text of the leaf at hand, and its folding.
    said: Words<'a>,
    /// What that may say.
    signs: Signs,
    /// The plain text and the folding of the last one that said anything: it stands before a block, and is asked for there.
    before: Words<'a>,
    lead: Option<Lead<'a>>,
    /// The title of a checklist whose unordered list comes next.
    checklist_due: Option<String>,
    last_command: Option<usize>,
    assigned: Assigned,
    names: Names,
    /// How often a title was used within the block at hand.
    titles: FxHashMap<&'a str, usize>,
    /// What the words before a list say of all its items.
    list_lead: Option<ListLead>,
    /// The outermost list at hand, and whether it is numbered and begins with an order.
    ordering: Option<(usize, bool)>,
    /// Whether the items at hand are what people do wrong.
    mistakes: forbidden::mistakes::Mistakes,
    /// Sections by their titles, for steps that name one.
    section_titles: OnceCell<Titles<'a>>,
    /// The same by their numbers and as scenarios.
    section_names: OnceCell<Places<'a>>,
    /// Steps by their numbers, for those that name one.
    numbered: OnceCell<Numbered>,
    /// The condition that a section names for all its steps.
    section_guard: Option<(String, usize)>,
    /// Whether the section at hand lists what must not be done.
    forbidden: bool,
    /// What the headings say of all that stands here, and the section whose heading does.
    stance: (Stance, usize),
    /// Whether the section at hand has held anything but what is only shown: a form, a message.
    acted: bool,
    /// What the headings so far say, by section.
    stances: Vec<Stance>,
    /// Whether the heading at hand, or any text under it so far, may point elsewhere.
    points: bool,
    /// The item whose words forbid what stands below it.
    forbidden_item: Option<usize>,
    /// The folds and boxes that are open.
    around: folds::Around,
    out: Steps,
}

/// What is longer may be cut within a word, which is then another.
const LONGEST_SIGNED: usize = 1000;

impl<'a> Walker<'a> {
    /// The plain text of a leaf.
    fn plain(&self, leaf: usize) -> &'a str {
        self.doc.plain(leaf)
    }

    /// The title of the section at hand.
    fn heading(&self) -> &'a str {
        let outline = self.outline;
        self.section.map_or("", |s| outline.sections[s].title)
    }

    /// The plain text of the leaf at hand, and its folding.
    fn words(&self) -> Words<'a> {
        self.said
    }

    /// Folds a text; what lies in the leaf at hand, or in the words before it, is folded already.
    fn fold<'t>(&self, text: &'t str) -> Cow<'t, str>
    where
        'a: 't,
    {
        self.said.folded(text).unwrap_or_else(|| self.before.fold(text))
    }

    /// Takes a condition off a text, and looks for one inside it where its words say that there may be one.
    fn split<'t>(&self, text: &'t str) -> Guarded<'t>
    where
        'a: 't,
    {
        let inside = self.may(text, Signs::CONDITION);
        let split = if inside { split_guard } else { split_leading };
        split(self.lexicon, self.words(), text)
    }

    /// Tells whether a text may say something.
    fn may(&self, text: &str, signs: Signs) -> bool {
        self.signs_of(text).is_none_or(|known| known.may(signs))
    }

    /// What a text may say; only of what stands in the leaf at hand anything is known.
    fn signs_of(&self, text: &str) -> Option<Signs> {
        let whole = self.plain(self.leaf);
        let inside = whole.as_bytes().as_ptr_range().contains(&text.as_ptr()) && text.len() <= LONGEST_SIGNED;
        inside.then_some(self.signs)
    }

    /// A part of the source.
    fn source(&self, span: &Range<usize>) -> &'a str {
        self.doc.text.get(span.clone()).unwrap_or("")
    }

    /// A text for as long as the document; what lies in the leaf at hand is kept already.
    fn held(&self, text: &str) -> &'a str {
        let whole = self.plain(self.leaf);
        let start = (text.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
        let end = start.checked_add(text.len()).filter(|end| *end <= whole.len());
        match end.and_then(|end| whole.get(start..end)) {
            Some(part) => part,
            None => self.doc.keep(text),
        }
    }

    /// The inline text of the leaf at hand.
    fn runs(&self) -> &'a [Run<'a>] {
        self.doc.runs(self.leaf)
    }
}

impl Walker<'_> {
    fn run(&mut self) {
        let mut next_section = 0;
        let mut unread = Unread::of(self.doc);
        for leaf in 0..self.doc.leaves.len() {
            if self.out.cut.is_some() || unread.is_the_rest(leaf) {
                break;
            }
            if !self.plain(self.leaf).is_empty() {
                self.before = self.said;
            }
            self.leaf = leaf;
            self.said = self.doc.words(leaf);
            self.signs = self.doc.signs(leaf);
            if unread.holds(leaf) {
                self.lead = None;
                continue;
            }
            self.note_boxes();
            let says_where = self.signs.may(Signs::POINTS);
            self.points |= says_where;
            match self.doc.leaves[leaf].kind {
                LeafKind::Heading(_) => {
                    self.end_section(next_section);
                    // What an item is titled by may stand over a heading in it.
                    self.points = (self.points && self.doc.leaves[leaf].item.is_some()) || says_where;
                    self.section = Some(next_section);
                    next_section += 1;
                    self.lead = None;
                    self.list_lead = None;
                    self.section_guard = self.heading_guard();
                    self.stance = self.section_stance();
                    self.acted = false;
                    self.mistakes =
                        forbidden::mistakes::Mistakes::of(self.lexicon, self.outline.sections[next_section - 1].name);
                    self.forbidden = self.section_forbids() || self.around.forbids();
                    self.checklist_due = self.checklist_heading();
                    self.last_command = None;
                }
                LeafKind::Paragraph if self.context.meta[leaf] => self.lead = None,
                LeafKind::Paragraph => self.paragraph(),
                LeafKind::Code(_) => self.code(),
                LeafKind::Table(_) => {
                    self.table();
                    self.lead = None;
                }
                LeafKind::Rule => self.lead = None,
                LeafKind::Html => self.html(),
            }
        }
        self.end_section(next_section);
    }

    /// A numbered heading that orders something, and holds no step, is one.
    fn end_section(&mut self, next: usize) {
        let Some(index) = self.section else { return };
        let section = &self.outline.sections[index];
        let leaf_section = self.outline.sections.get(next).is_none_or(|n| n.parent != Some(index));
        if leaf_section && !self.acted && self.is_step(index) {
            let title = section.title;
            // Steps stand in the order of the text: behind what is shown, it stands where that does.
            let shown = self.out.drafts.last().filter(|d| d.section == Some(index) && d.kind != NodeKind::Verify);
            let span = shown.map_or_else(|| section.heading.clone(), |d| d.span.clone());
            let text = self.doc.text[section.heading.end..section.span.end].trim();
            let text = shorten(text, 4000).to_owned();
            self.section = Some(index);
            let mut draft = self.draft(NodeKind::Manual, Origin::Heading, title, span);
            draft.text = text;
            let step = self.keep(draft);
            self.out.empty_steps.extend(step);
        }
    }

    /// Tells whether a heading is numbered, or called a step, and orders something.
    fn is_step(&self, section: usize) -> bool {
        let section = &self.outline.sections[section];
        let stepped = section.number.is_some() || self.lexicon.label_starts(Category::Step, section.name).is_some();
        let orders = || {
            let name = section.name.split_once(": ").map_or(section.name, |(_, rest)| rest);
            self.lexicon.is_imperative(section.name) || self.lexicon.is_imperative(name)
        };
        stepped && !section.quiet && !self.is_of_code(section.leaf) && orders()
    }

    fn quiet(&self) -> bool {
        let in_list = self.doc.leaves.get(self.leaf).is_some_and(|l| l.item.is_some());
        if in_list && (self.mistakes.now() || self.list_lead.as_ref().is_some_and(|l| l.describes)) {
            return true;
        }
        !(in_list && self.list_lead.as_ref().is_some_and(|l| l.mends))
            && self.section.is_some_and(|s| {
                let section = &self.outline.sections[s];
                section.quiet && !(section.setup && in_list && self.ordering.is_some_and(|(_, orders)| orders))
            })
    }

    /// Gives a draft its command, with its placeholders, and learns what it assigns.
    fn command(&mut self, draft: &mut Draft, language: CommandLanguage, text: String, span: Range<usize>) {
        let mut placeholders = params::find(language, &text, &self.assigned);
        self.names.settle(&text, &mut placeholders);
        if language == CommandLanguage::Shell {
            let names: Vec<String> = params::assigned(&text).into_iter().map(str::to_owned).collect();
            if !names.is_empty() {
                self.assigned.learn(&names);
                draft.rare().assigns = names;
            }
        }
        let line = self.doc.line(span.start);
        draft.command = Some(Box::new(Command { language, text, placeholders, span: Span::from(span), line }));
    }

    fn guard_of(&self, text: &str, place: usize) -> Option<(String, usize)> {
        let guard = self.split(text).guard;
        guard.filter(|guard| self.governs(text, guard)).map(|g| (g.to_owned(), place))
    }

    /// "Promote it. This also stops the primary if it can be reached.": what only tells governs no step.
    fn governs(&self, text: &str, guard: &str) -> bool {
        let at = (guard.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let stop = |before: &str| [". ", "? ", "! "].iter().filter_map(|stop| before.rfind(stop)).max();
        let Some(stop) = text.get(..at).and_then(stop) else { return true };
        // "Run the check. If it fails, restart it": the condition is the second order's, and the step is the first.
        let orders = |text: &str| items::orders(self.lexicon, self.words(), text);
        orders(&text[stop + 2..]) && !orders(prose::first_sentence(text))
    }

    /// The minutes that the words before the list at hand name.
    fn list_minutes(&self) -> Option<u32> {
        let in_list = self.doc.leaves[self.leaf].item.is_some();
        self.list_lead.as_ref().filter(|_| in_list).and_then(|l| l.minutes)
    }
}

/// What kind of node a command makes.
fn kind_of(language: CommandLanguage, text: &str) -> NodeKind {
    match language {
        CommandLanguage::Sql => NodeKind::Sql,
        CommandLanguage::Shell if code::is_interactive(text) => NodeKind::Manual,
        CommandLanguage::Shell => NodeKind::Shell,
        CommandLanguage::Http => NodeKind::Http,
        CommandLanguage::Other => NodeKind::Manual,
    }
}

/// A title in one line, without the number and the colon around it.
fn clean_title(text: &str) -> String {
    cleaned(text).into_owned()
}

fn cleaned(text: &str) -> Cow<'_, str> {
    match squeeze(shorten(text, 400)) {
        Cow::Borrowed(text) => trimmed(text),
        Cow::Owned(text) => trimmed(&text).into_owned().into(),
    }
}

fn trimmed(text: &str) -> Cow<'_, str> {
    let text = strip_number(text);
    // The marks are all ASCII, so the bytes say it.
    let marks = text.bytes().rev().take_while(|byte| matches!(byte, b':' | b' ' | b'.' | b';' | b',')).count();
    let text = &text[..text.len() - marks];
    let short = shorten(text, 160);
    if short.len() < text.len() { format!("{short}…").into() } else { short.into() }
}

/// Takes `1.`, `2)` or `-` off a line.
fn strip_number(text: &str) -> &str {
    let text = crate::words::trim(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let marked = rest.strip_prefix(['.', ')', ':']).filter(|r| digits > 0 && digits < 4 && r.starts_with(' '));
    marked.map_or(text, str::trim_start)
}

//! A node before it is one.

use std::borrow::Cow;
use std::ops::Range;

use farol_api::graph::{Command, NodeKind, OwnAttributes};

use super::{Walker, cleaned, trimmed};
use crate::cases;
use crate::dense;
use crate::doc::LeafKind;
use crate::words::{shorten, trim};

/// Where a draft came from; the counts go by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A command in a code block.
    Block,
    /// A code span.
    Inline,
    /// A list item.
    Item,
    /// A numbered heading.
    Heading,
    /// A comment in a code block.
    Comment,
    /// A paragraph.
    Paragraph,
    /// A task box, or an item of a labelled checklist.
    Check,
    /// A row of a table that orders something.
    Row,
}

/// A node before it has an id and edges.
#[derive(Debug)]
pub struct Draft {
    pub kind: NodeKind,
    pub origin: Origin,
    pub title: String,
    pub section: Option<usize>,
    /// Which of [`super::Steps::arms`] it lies in.
    pub arms: usize,
    /// The condition, and where it stands: several commands may share one.
    pub guard: Option<(String, usize)>,
    pub text: String,
    pub command: Option<Box<Command>>,
    pub attributes: OwnAttributes,
    /// What few have.
    pub rare: Option<Box<Rare>>,
    /// Whether its title or its text may point elsewhere.
    pub points: bool,
    pub span: Range<usize>,
}

/// What few drafts have, apart from them so that the others stay small.
#[derive(Debug, Default)]
pub struct Rare {
    pub expected: Option<String>,
    pub goto: Option<String>,
    pub after_minutes: Option<u32>,
    /// The author's own id.
    pub wanted_id: Option<String>,
    /// The variables that the command sets.
    pub assigns: Vec<String>,
}

impl Draft {
    /// Returns what few have, to be written into.
    pub fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }
}

impl Walker<'_> {
    /// The arms around the place at hand.
    pub(super) fn arms(&mut self) -> usize {
        while self.label_arms.get(self.label_at).is_some_and(|(range, _)| range.end <= self.leaf) {
            self.label_at += 1;
        }
        let labelled = self.label_arms.get(self.label_at).filter(|(range, _)| range.contains(&self.leaf));
        let inner = labelled.map(|(_, arm)| *arm).into_iter().chain(self.block_arm);
        let arms = self.outline.arms_of(self.section).chain(inner);
        if !self.out.arms.last().is_some_and(|last| arms.clone().eq(last.iter().copied())) {
            let arms = arms.collect();
            self.out.arms.push(arms);
        }
        self.out.arms.len() - 1
    }

    /// Tells whether a draft made here may; of comments, cells and whole sections nothing is known.
    pub(super) fn may_point(&self, origin: Origin) -> bool {
        self.points
            || matches!(origin, Origin::Comment | Origin::Heading | Origin::Row)
            || self.doc.leaves.get(self.leaf).is_none_or(|leaf| matches!(leaf.kind, LeafKind::Table(_)))
    }

    /// The condition that the heading at hand names, with its place.
    pub(super) fn heading_guard(&mut self) -> Option<(String, usize)> {
        let section = &self.outline.sections[self.section?];
        let condition = cases::condition(self.lexicon, section)?;
        let Some(arm) = section.arm else { return Some((condition.to_owned(), section.heading.start)) };
        // Who chooses the arm is told so there, and not again at each step.
        self.out.loose_guards.push(section.heading.start);
        self.out.arm_guards.push((arm, condition.to_owned()));
        None
    }

    /// Begins a draft at the place at hand.
    pub(super) fn draft<'t>(
        &mut self,
        kind: NodeKind,
        origin: Origin,
        title: impl Into<Cow<'t, str>>,
        span: Range<usize>,
    ) -> Draft {
        let title = match title.into() {
            // What is said has no blanks to squeeze.
            Cow::Borrowed(title) if self.said.holds(title) || self.before.holds(title) => {
                trimmed(trim(shorten(title, 400))).into_owned()
            }
            Cow::Borrowed(title) => cleaned(title).into_owned(),
            Cow::Owned(title) => match cleaned(&title) {
                Cow::Borrowed(same) if same.len() == title.len() => title,
                other => other.into_owned(),
            },
        };
        Draft {
            kind,
            origin,
            title,
            section: self.section,
            arms: self.arms(),
            points: self.may_point(origin),
            guard: None,
            text: String::new(),
            command: None,
            attributes: OwnAttributes::default(),
            rare: None,
            span,
        }
    }

    /// Keeps a draft; nothing is returned where it is one too many.
    pub(super) fn keep(&mut self, draft: Draft) -> Option<usize> {
        if self.out.drafts.len() >= dense::most_steps(self.doc.text) {
            self.out.cut.get_or_insert(draft.span.start);
            return None;
        }
        self.out.drafts.push(draft);
        Some(self.out.drafts.len() - 1)
    }

    /// Keeps a draft with the condition of the list or the section that it stands in.
    pub(super) fn push(&mut self, mut draft: Draft) -> Option<usize> {
        self.acted |= !matches!(draft.kind, NodeKind::Reference | NodeKind::Verify);
        if matches!(draft.kind, NodeKind::Prohibition | NodeKind::Reference) {
            return self.keep(draft);
        }
        let in_list = self.doc.leaves[self.leaf].item.is_some();
        let list = self.list_lead.as_ref().filter(|_| in_list).and_then(|l| l.guard.clone());
        draft.guard = draft.guard.or(list).or_else(|| self.section_guard.clone());
        self.keep(draft)
    }
}

//! Checklists: task boxes, and lists that are called so.

use farol_api::graph::NodeKind;

use super::orders;
use crate::lexicon::Category;
use crate::steps::{ChecklistDraft, Origin, Walker};

/// Parts of a checklist that are none themselves: they say what to do when something is so.
const APART: [Category; 6] = [
    Category::GuardStrong,
    Category::Scenario,
    Category::Step,
    Category::PhaseResolve,
    Category::PhaseRollback,
    Category::PhaseEscalate,
];

impl Walker<'_> {
    /// A heading that calls what is under it a checklist, or is a part of such a one: its title.
    pub(in crate::steps) fn checklist_heading(&self) -> Option<String> {
        let section = self.section?;
        let this = &self.outline.sections[section];
        let part = || this.parent.is_some_and(|whole| self.is_checklist(whole) && self.is_part_of(section, whole));
        let named = !this.quiet && (self.is_checklist(section) || part());
        named.then(|| this.title.to_owned())
    }

    /// "### Before" and "### After" are parts of a checklist; what stands below the list itself, or says what to do when it
    /// fails, is none.
    fn is_part_of(&self, section: usize, whole: usize) -> bool {
        let first = self.outline.sections[whole + 1].span.start;
        let before = self.out.checklists.partition_point(|list| list.span.start < first);
        let from = self.outline.sections[whole].span.start;
        let own = before.checked_sub(1).is_some_and(|list| self.out.checklists[list].span.start > from);
        let name = self.outline.sections[section].name;
        !own && !APART.iter().any(|category| self.lexicon.label_starts(*category, name).is_some())
    }

    /// Tells whether an item, or one around it, stands in the open checklist.
    pub(in crate::steps) fn goes_on(&self, item: usize) -> bool {
        let Some(open) = self.out.checklists.last() else { return false };
        std::iter::successors(Some(item), |i| self.doc.items[*i].parent).any(|i| self.doc.items[i].list == open.list)
    }

    /// Tells whether a heading calls what is under it a checklist; a document that is called so may hold anything.
    pub(in crate::steps) fn is_checklist(&self, section: usize) -> bool {
        let name = self.outline.sections[section].name;
        let ends = name.ends_with(" checklist") || name.ends_with(" check-list");
        self.outline.sections[section].level > 1
            && (self.lexicon.label_starts(Category::Checklist, name).is_some() || ends)
    }

    /// "Checklist" over "1. Look at the queue": a list behind the block there tells of what it says.
    pub(in crate::steps) fn end_due_checklist(&mut self) {
        let Some(section) = self.section.filter(|_| self.checklist_due.is_some()) else { return };
        let of_heading = self.checklist_due.as_deref() == Some(self.outline.sections[section].title);
        if of_heading && !self.is_checklist(section) {
            self.checklist_due = None;
        }
    }

    /// Tells whether an item stands under a box.
    pub(in crate::steps) fn is_boxed(&self, item: usize) -> bool {
        let above = std::iter::successors(self.doc.items[item].parent, |p| self.doc.items[*p].parent);
        above.into_iter().any(|p| self.doc.items[p].task)
    }

    /// "N1" with items below it: a name for them, and nothing to tick itself.
    pub(in crate::steps) fn is_group(&self, item: usize, text: &str) -> bool {
        let holds = self.doc.items.get(item + 1).is_some_and(|next| next.parent == Some(item));
        holds && !orders(self.lexicon, self.words(), text)
    }

    pub(in crate::steps) fn open_checklist(&mut self, list: usize, span: std::ops::Range<usize>) {
        let heading = self.section.map(|s| self.outline.sections[s].title.to_owned());
        let title = self.checklist_due.take().or(heading).unwrap_or_default();
        let title = crate::steps::clean_title(&title);
        self.out.checklists.push(ChecklistDraft { title, drafts: Vec::new(), span, list });
    }

    pub(in crate::steps) fn check(&mut self, item: usize, text: &str) {
        let list = self.doc.items[item].list;
        let span = self.doc.items[item].span();
        let nested = self.doc.items[item].parent.is_some_and(|p| self.doc.items[p].task);
        if !self.goes_on(item) && !nested || self.out.checklists.is_empty() {
            self.open_checklist(list, span.clone());
        }
        let place = self.doc.leaves[self.leaf].span().start;
        let mut draft = self.draft(NodeKind::Check, Origin::Check, text, span.clone());
        draft.guard = self.guard_of(text, place);
        let draft = self.push(draft);
        if let Some(list) = self.out.checklists.last_mut() {
            list.drafts.extend(draft);
            list.span.end = list.span.end.max(span.end);
        }
        self.inline_commands(text, place);
    }
}

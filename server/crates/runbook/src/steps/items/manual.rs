//! Items that a person does by hand: their titles, and what the orders in them depend on.

use std::borrow::Cow;

use farol_api::graph::NodeKind;

use super::orders;
use crate::lexicon::{Category, split_guard};
use crate::steps::prose::{self, first_sentence};
use crate::steps::{Lead, Origin, Walker, clean_title};
use crate::words::{first_word, fold, past_marks, shorten};

/// What people who write no English call by its English name, to name a thing and to order it alike.
const BORROWED: [&str; 16] = [
    "deploy",
    "redeploy",
    "rollback",
    "restore",
    "commit",
    "push",
    "merge",
    "cherry-pick",
    "scan",
    "throttle",
    "failover",
    "switchover",
    "restart",
    "rebuild",
    "rerun",
    "rate",
];

/// Tells whether a sentence ends in a mark within a text.
fn ends_within(text: &str, mark: u8) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(mark, bytes).any(|at| bytes.get(at + 1) == Some(&b' '))
}

/// Where a part of a text begins in it.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

impl<'a> Walker<'a> {
    /// "Paste this into the file:": what is done with a block that is only shown is a step.
    pub(in crate::steps) fn step_of_shown(&mut self, lead: &Lead<'_>) {
        let remedy = |label: &str| self.lexicon.label_is(Category::Solution, &fold(label));
        let labelled = lead.title.split_once(": ").filter(|(label, _)| label.len() < 40 && remedy(label));
        let title = labelled.map_or(lead.title, |(_, rest)| rest);
        let first = self.fold(shorten(title, 200)).into_owned();
        // Under "2. Create the script" that heading is the step.
        let titled = || self.section.is_some_and(|section| self.is_step(section));
        if lead.item.is_some()
            || lead.expects
            || prose::is_a_place(lead.text)
            || self.quiet()
            || !self.lexicon.is_imperative(&first)
            || titled()
        {
            return;
        }
        let Some(before) = self.leaf.checked_sub(1) else { return };
        let span = self.doc.leaves[before].span();
        let mut draft = self.draft(NodeKind::Manual, Origin::Paragraph, title, span);
        draft.guard = lead.guard.clone();
        draft.text = lead.text.to_owned();
        self.push(draft);
    }

    /// An item that a person does by hand.
    pub(in crate::steps) fn manual(&mut self, text: &str, place: usize) {
        let span = self.doc.leaves[self.leaf].span();
        let split = self.split(text);
        let guard = split.guard.filter(|guard| self.governs(text, guard)).map(|g| (g.to_owned(), place));
        let first = first_sentence(split.rest);
        let (title, guard) = match orders(self.lexicon, self.words(), first) {
            true => (first, guard),
            false => {
                self.later_order(text, place).map_or((split.rest, guard.clone()), |(title, own)| (title, own.or(guard)))
            }
        };
        let title = self.label_around().map_or(Cow::Borrowed(title), |label| format!("{label}: {title}").into());
        let mut draft = self.draft(NodeKind::Manual, Origin::Item, title, span);
        draft.guard = guard;
        draft.text = self.source(&draft.span).to_owned();
        self.push(draft);
        self.note_later_guards(text, place);
    }

    /// "Replica:" with items below it says whose they are.
    fn label_around(&self) -> Option<String> {
        const LONGEST: usize = 60;
        let parent = self.doc.items[self.doc.leaves[self.leaf].item?].parent?;
        let leaf = self.context.item_first[parent]?;
        let text = self.doc.plain(leaf).trim();
        let strong = self.doc.runs(leaf).iter().all(|r| r.strong || r.text.trim().trim_matches(':').is_empty());
        let label =
            (text.len() < LONGEST && (strong || text.ends_with(':'))).then(|| text.trim_end_matches([':', ' ']))?;
        let known = self.lexicon.label_starts(Category::Step, &fold(label)).is_some();
        (!label.is_empty() && !known && !orders(self.lexicon, self.doc.words(leaf), text)).then(|| clean_title(label))
    }

    /// "Check the disk. If it is full, clear it": what only the later orders of a step depend on.
    pub(in crate::steps) fn note_later_guards(&mut self, text: &str, place: usize) {
        // Most texts are one sentence.
        if ends_within(text, b'.') {
            for sentence in text.split(". ").skip(1).take(16) {
                let split = split_guard(self.lexicon, self.words(), sentence);
                if split.guard.is_some()
                    && self.lexicon.is_imperative(&self.fold(shorten(split.rest, 200)))
                    && split.rest.len() < sentence.len()
                {
                    self.out.loose_guards.push(place + offset(text, sentence));
                }
            }
        }
        // "Is it up? If not, the engine never opened it."
        if ends_within(text, b'?') {
            let asked = text.split_once("? ").map_or("", |(_, answer)| answer);
            if self.lexicon.starts(Category::GuardStrong, &self.fold(shorten(asked, 40))).is_some() {
                self.out.loose_guards.push(place + offset(text, asked));
            }
        }
    }

    /// "Old hosts keep their names. If two have one, rename the older": the first order behind a sentence that only tells.
    fn later_order<'t>(&self, text: &'t str, place: usize) -> Option<(&'t str, Option<(String, usize)>)>
    where
        'a: 't,
    {
        let mut sentences = text.split(". ").skip(1).take(8);
        let sentence = sentences.find(|sentence| orders(self.lexicon, self.words(), sentence))?;
        let split = self.split(sentence);
        Some((split.rest, split.guard.map(|guard| (guard.to_owned(), place + offset(text, sentence)))))
    }

    /// "Redeploy ambos servicios", "Commit + deploy": in a numbered list that orders, such a name is what to do.
    pub(in crate::steps) fn borrows(&self, item: usize, folded: &str) -> bool {
        const NEAR: usize = 4;
        let first = first_word(past_marks(folded));
        if !BORROWED.contains(&first) || !self.doc.items[item].is_ordered() {
            return false;
        }
        let behind = &past_marks(folded)[first.len()..];
        let second = first_word(behind);
        let past = ["ado", "ada", "ido", "ida", "ados", "adas"].iter().any(|end| second.ends_with(end));
        // In English they are verbs anyway.
        if behind.starts_with(':') || past || second.starts_with("automatic") || !self.lexicon.has_infinitives() {
            return false;
        }
        let list = self.doc.items[item].list;
        let orders = |leaf: usize| orders(self.lexicon, self.doc.words(leaf), self.doc.plain(leaf));
        let last = self.doc.items.len().min(item + NEAR + 1);
        (item.saturating_sub(NEAR)..last)
            .filter(|other| *other != item && self.doc.items[*other].list == list)
            .any(|other| self.context.item_first[other].is_some_and(orders))
    }
}

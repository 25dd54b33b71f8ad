//! List nesting as the author drew it, where CommonMark sees it flatter.

use std::ops::Range;

use super::{Doc, Item};

/// Makes items that stand further right than their list's first item children of the item before them.
///
/// Two spaces before `1.` are too few for CommonMark, and mean a sub-list to everybody who writes them.
///
/// Returns where they stand; there are so many lists.
pub fn mend(items: &mut [Item], lists: usize) -> Vec<Range<usize>> {
    let mut moved = Vec::new();
    let mut firsts: Vec<Option<(u32, usize)>> = vec![None; lists];
    for (i, item) in items.iter_mut().enumerate() {
        match firsts[item.list] {
            Some((column, last)) if item.column >= column + 2 => {
                item.parent = Some(last);
                moved.push(item.span());
            }
            Some((column, _)) if item.column == column + 1 => {}
            _ => firsts[item.list] = Some((item.column, i)),
        }
    }
    moved
}

/// Gives bullets that follow a list at column 0 to the item they continue.
///
/// Those after `1) text` belong to that item when the numbering goes on after them.
pub fn adopt(doc: &mut Doc<'_>) {
    if !may_adopt(&doc.items) {
        return;
    }
    let mut group = Numbering::default();
    let mut leaf = 0;
    for (i, item) in doc.items.iter().enumerate() {
        while let Some(before) = doc.leaves.get(leaf) {
            // Headings, rules and free paragraphs end every numbering.
            let ends = before.item.is_none() && !before.kind.is_code();
            if ends && before.span.start >= item.span.start {
                break;
            }
            if ends {
                group.end();
            }
            leaf += 1;
        }
        match item.number {
            _ if item.parent.is_some() => {}
            Some(number) => group.numbered(i, number),
            None => group.waiting.push(i),
        }
    }
    group.end();
    for (item, parent) in group.adopted {
        doc.items[item].parent = Some(parent);
        doc.moved.push(doc.items[item].span());
    }
    doc.moved.sort_by_key(|span| span.start);
}

/// Tells whether any numbering goes on behind bullets.
fn may_adopt(items: &[Item]) -> bool {
    let (mut last, mut bullets) = (None, false);
    for item in items.iter().filter(|item| item.parent.is_none()) {
        if let Some(number) = item.number {
            if bullets && last == Some(number) {
                return true;
            }
            (last, bullets) = (number.checked_add(1), false);
        } else {
            bullets = true;
        }
    }
    false
}

/// A numbering that may be interrupted by bullets.
#[derive(Default)]
struct Numbering {
    owner: Option<(usize, u64)>,
    waiting: Vec<usize>,
    interrupted: bool,
    adopted: Vec<(usize, usize)>,
}

impl Numbering {
    fn numbered(&mut self, item: usize, number: u64) {
        let continues = self.owner.filter(|(_, last)| last.checked_add(1) == Some(number));
        if let Some((owner, _)) = continues {
            self.interrupted |= !self.waiting.is_empty();
            self.adopted.extend(self.waiting.drain(..).map(|w| (w, owner)));
        } else {
            self.interrupted = false;
        }
        self.waiting.clear();
        self.owner = Some((item, number));
    }

    /// Ends the numbering; its last item keeps the habit of its brothers.
    fn end(&mut self) {
        if let (Some((owner, _)), true) = (self.owner, self.interrupted) {
            self.adopted.extend(self.waiting.drain(..).map(|w| (w, owner)));
        }
        self.waiting.clear();
        self.owner = None;
        self.interrupted = false;
    }
}

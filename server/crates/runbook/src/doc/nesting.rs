//! List nesting as the author drew it, where CommonMark sees it flatter.

use std::ops::Range;

use super::{Doc, Item, LeafKind};

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

/// Gives blocks that follow a list at column 0 to the item they continue.
///
/// Bullets after `1) text` belong to that item when the numbering goes on after them, and a code block right
/// after an item is what that item speaks of.
pub fn adopt(doc: &mut Doc<'_>) {
    adopt_items(doc);
    let mut last: Option<(LeafKind, usize)> = None;
    for leaf in &mut doc.leaves {
        if let (LeafKind::Code(_), None, false, Some((kind, item))) = (leaf.kind, leaf.item, leaf.quoted, last)
            && (kind == LeafKind::Paragraph || kind.is_code())
        {
            leaf.item = Some(item);
        }
        last = leaf.item.map(|item| (leaf.kind, item));
    }
}

fn adopt_items(doc: &mut Doc<'_>) {
    // Only bullets are adopted, and only by numbers.
    let outer = |numbered: bool| doc.items.iter().any(|item| item.parent.is_none() && item.is_ordered() == numbered);
    if !outer(true) || !outer(false) {
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

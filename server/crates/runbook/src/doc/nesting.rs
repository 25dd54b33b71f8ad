//! List nesting as the author drew it, where CommonMark sees it flatter.

use std::ops::Range;

use super::{Doc, Item, LeafKind};

/// Makes items that stand further right than their list's first item children of the item before them.
///
/// Two spaces before `1.` are too few for CommonMark, and mean a sub-list to everybody who writes them.
///
/// Returns where they stand.
pub fn mend(items: &mut [Item]) -> Vec<Range<usize>> {
    let mut moved = Vec::new();
    let mut firsts: Vec<Option<(u32, usize)>> = Vec::new();
    for (i, item) in items.iter_mut().enumerate() {
        if firsts.len() <= item.list {
            firsts.resize(item.list + 1, None);
        }
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
    for i in 1..doc.leaves.len() {
        let (before, rest) = doc.leaves.split_at_mut(i);
        let (Some(last), leaf) = (before.last(), &mut rest[0]) else {
            continue;
        };
        if leaf.item.is_some() || !leaf.kind.is_code() || leaf.quoted {
            continue;
        }
        let follows_text = last.kind == LeafKind::Paragraph || last.kind.is_code();
        if follows_text && last.item.is_some() {
            leaf.item = last.item;
        }
    }
}

fn adopt_items(doc: &mut Doc<'_>) {
    let mut group = Numbering::default();
    let mut barriers = barriers(doc).peekable();
    for (i, item) in doc.items.iter().enumerate() {
        while barriers.next_if(|at| *at < item.span.range().start).is_some() {
            group.end();
        }
        match item.number {
            _ if item.parent.is_some() => {}
            Some(number) => group.numbered(i, number),
            None => group.waiting.push(i),
        }
    }
    group.end();
    drop(barriers);
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

/// Where headings, rules and free paragraphs end every numbering.
fn barriers<'a>(doc: &'a Doc<'_>) -> impl Iterator<Item = usize> + 'a {
    doc.leaves.iter().filter(|l| l.item.is_none() && !l.kind.is_code()).map(|l| l.span().start)
}

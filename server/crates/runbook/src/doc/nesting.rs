//! List nesting as the author drew it, where CommonMark sees it flatter.

use super::{Doc, Item};

/// A list that is open.
pub struct List {
    /// Its number over the document.
    pub number: usize,
    /// The number of its next item, where it is ordered.
    pub next: Option<u64>,
    /// The column of its first item, and the last item that stands there.
    first: Option<(u32, usize)>,
}

impl List {
    /// Begins one.
    pub const fn new(number: usize, next: Option<u64>) -> Self {
        Self { number, next, first: None }
    }

    /// Returns the item before that an item at a column is a child of, which stands further right than the list's first.
    ///
    /// Two spaces before `1.` are too few for CommonMark, and mean a sub-list to everybody who writes them.
    pub const fn parent(&mut self, column: u32, item: usize) -> Option<usize> {
        match self.first {
            Some((first, last)) if column >= first + 2 => return Some(last),
            Some((first, _)) if column == first + 1 => {}
            _ => self.first = Some((column, item)),
        }
        None
    }
}

/// Gives bullets that follow a list at column 0 to the item they continue.
///
/// Those after `1) text` belong to that item when the numbering goes on after them, and where it ends in a colon right above them.
pub fn adopt(doc: &mut Doc<'_>) {
    if !may_adopt(doc.text, &doc.items) {
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
            None => {
                let opens = |(owner, _): (usize, u64)| opens_onto(doc.text, &doc.items[owner], item);
                group.opened |= group.waiting.is_empty() && group.owner.is_some_and(opens);
                group.waiting.push(i);
            }
        }
    }
    group.end();
    for (item, parent) in group.adopted {
        doc.items[item].parent = Some(parent);
        doc.moved.push(doc.items[item].span());
    }
    doc.moved.sort_by_key(|span| span.start);
}

/// "2. If it fails:" right above "- stop": what a numbered item opens onto is its own.
fn opens_onto(text: &str, owner: &Item, bullet: &Item) -> bool {
    let (from, to) = (owner.span().start, bullet.span().start);
    let above = text.get(from..to).map_or("", |above| above.trim_end_matches([' ', '\t']));
    let above = above.strip_suffix('\n').unwrap_or("").trim_end_matches(['\r', ' ', '*', '_']);
    above.ends_with(':') && memchr::memchr(b'\n', above.as_bytes()).is_none()
}

/// Tells whether any numbering goes on behind bullets, or opens onto them.
fn may_adopt(text: &str, items: &[Item]) -> bool {
    let (mut last, mut bullets, mut owner) = (None, false, None);
    for item in items.iter().filter(|item| item.parent.is_none()) {
        if let Some(number) = item.number {
            if bullets && last == Some(number) {
                return true;
            }
            (last, bullets, owner) = (number.checked_add(1), false, Some(item));
        } else {
            if !bullets && owner.is_some_and(|owner| opens_onto(text, owner, item)) {
                return true;
            }
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
    /// Whether the item opens onto those that wait.
    opened: bool,
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
        if self.opened
            && let Some((owner, _)) = self.owner
        {
            self.adopted.extend(self.waiting.drain(..).map(|w| (w, owner)));
        }
        self.opened = false;
        self.waiting.clear();
        self.owner = Some((item, number));
    }

    /// Ends the numbering; its last item keeps the habit of its brothers.
    fn end(&mut self) {
        if let (Some((owner, _)), true) = (self.owner, self.interrupted || self.opened) {
            self.adopted.extend(self.waiting.drain(..).map(|w| (w, owner)));
        }
        self.waiting.clear();
        self.owner = None;
        (self.interrupted, self.opened) = (false, false);
    }
}

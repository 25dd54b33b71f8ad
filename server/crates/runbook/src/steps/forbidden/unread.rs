//! What stands behind a place where reading stopped: whatever forbade it may stand before, so that nothing of it runs.

use crate::doc::{Doc, LeafKind};

/// The places where reading stopped, in order.
pub(in crate::steps) struct Unread<'d, 'a> {
    doc: &'d Doc<'a>,
    /// Cuts within a list, a table or a paragraph, that are still to come.
    long: std::slice::Iter<'d, usize>,
    next: Option<usize>,
    /// Whether the leaves at hand stand behind such a cut, and before the next heading.
    behind: bool,
}

impl<'d, 'a> Unread<'d, 'a> {
    pub fn of(doc: &'d Doc<'a>) -> Self {
        let mut long = doc.long.iter();
        let next = long.next().copied();
        Self { doc, long, next, behind: false }
    }

    /// Tells whether nothing is read any more from a leaf on: it stands behind one heading too many.
    pub fn is_the_rest(&self, leaf: usize) -> bool {
        self.doc.cut.is_some_and(|cut| self.start(leaf) >= cut)
    }

    /// Tells whether a leaf stands behind a cut within a block. Asked of each leaf in its turn.
    pub fn holds(&mut self, leaf: usize) -> bool {
        while self.next.is_some_and(|next| self.start(leaf) >= next) {
            (self.behind, self.next) = (true, self.long.next().copied());
        }
        if matches!(self.doc.leaves[leaf].kind, LeafKind::Heading(_)) {
            self.behind = false;
        }
        self.behind
    }

    fn start(&self, leaf: usize) -> usize {
        self.doc.leaves[leaf].span().start
    }
}

//! Tables as rows of cells.

use std::ops::Range;

use super::{Doc, Extent, Run};

/// A table of a document.
#[derive(Clone, Copy)]
pub struct Table<'d, 'a> {
    doc: &'d Doc<'a>,
    rows: Extent,
}

impl<'d, 'a> Table<'d, 'a> {
    pub(super) const fn new(doc: &'d Doc<'a>, rows: Extent) -> Self {
        Self { doc, rows }
    }

    /// Returns its rows; the first is the header.
    pub fn rows(self) -> impl Iterator<Item = Row<'d, 'a>> + Clone {
        self.doc.rows[self.rows.range()].iter().map(move |cells| Row { doc: self.doc, cells: cells.range() })
    }

    /// Returns the header's cells.
    pub fn header(self) -> impl Iterator<Item = &'d [Run<'a>]> + Clone {
        self.rows().next().into_iter().flat_map(|row| row.cells())
    }
}

/// A row of a table.
#[derive(Clone)]
pub struct Row<'d, 'a> {
    doc: &'d Doc<'a>,
    cells: Range<usize>,
}

impl<'d, 'a> Row<'d, 'a> {
    /// Returns its cells.
    pub fn cells(&self) -> impl DoubleEndedIterator<Item = &'d [Run<'a>]> + Clone + use<'d, 'a> {
        let doc = self.doc;
        doc.cells[self.cells.clone()].iter().map(|runs| &doc.runs[runs.range()])
    }

    /// Returns one of them.
    pub fn get(&self, cell: usize) -> Option<&'d [Run<'a>]> {
        self.cells().nth(cell)
    }
}

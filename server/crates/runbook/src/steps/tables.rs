//! Tables: commands in their cells.

use farol_api::graph::NodeKind;

use super::Walker;
use crate::code;
use crate::doc::{Cell, RunKind, plain};

impl Walker<'_> {
    /// Code spans in cells that are whole commands become nodes, titled by their row.
    pub(super) fn table(&mut self, rows: &[Vec<Cell<'_>>]) {
        if self.quiet() {
            return;
        }
        for row in rows.iter().skip(1) {
            let title = row.first().map(|cell| plain(cell)).unwrap_or_default();
            let forbidden = row.iter().any(|cell| self.prohibits(&plain(cell)));
            for run in row.iter().flatten() {
                if run.kind != RunKind::Code || !code::is_inline_command(&run.text) {
                    continue;
                }
                let title = if title == *run.text || title.is_empty() { run.text.to_string() } else { title.clone() };
                let guard = self.guard_of(&title, run.span.start);
                if forbidden {
                    let draft = self.draft(NodeKind::Prohibition, super::Origin::Inline, title, run.span.clone());
                    self.push(draft);
                } else {
                    self.inline(run.text.trim(), run.span.clone(), title, guard);
                }
            }
        }
    }
}

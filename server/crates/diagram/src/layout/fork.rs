//! The branches of a decision: side by side, in rows, their ends joined.

use farol_api::graph::Phase;

use super::picture::{BranchLabel, Point, Rect, Wire, WireKind};
use super::sequence::{End, Space};
use super::{Layout, Level, Row, SPINE, STEP};
use crate::plan::{Block, Branch};
use crate::text::{Font, wrap};

/// Above a row: a free line for jumps, then the line that leads to the branches.
const ABOVE: i32 = 16;
/// Below a row: the line where its branches meet, then a free line for jumps.
const BELOW: i32 = 14;
/// Between two rows.
const APART: i32 = 8;
/// From the line that leads to the branches to their names.
const DROP: i32 = 10;

/// A branch with the column it stands in.
#[derive(Clone, Copy)]
struct Column<'p> {
    branch: &'p Branch,
    x: i32,
    width: i32,
}

/// The place of a fork while it is laid out.
#[derive(Clone, Copy)]
struct Fork {
    decision: usize,
    phase: Option<Phase>,
    /// Where the flow leaves the decision.
    from: Point,
}

impl Layout<'_> {
    /// Lays out the branches of a decision below it.
    pub fn fork(&mut self, block: &Block, space: Space, phase: Option<Phase>, exit: i32) -> End {
        let fork = Fork { decision: block.node, phase, from: (space.x + SPINE, exit) };
        let rows = self.arrange(&block.branches, space);
        let last = rows.len().saturating_sub(1);
        let meet = space.x + space.width - self.metrics.margin / 4;
        let mut y = space.y + 4;
        let mut bus = y;
        let mut left: Vec<Vec<Point>> = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let (line, tips) = self.row(row, fork, y);
            bus = line;
            for tip in tips {
                let mut points = vec![tip, (tip.0, bus)];
                if index == last {
                    points.push((fork.from.0, bus));
                    self.picture.wires.push(Wire { points, kind: WireKind::Flow, arrow: false });
                } else {
                    points.push((meet, bus));
                    left.push(points);
                }
            }
            y = bus + APART;
        }
        for mut points in left {
            points.extend([(meet, bus), (fork.from.0, bus)]);
            self.picture.wires.push(Wire { points, kind: WireKind::Flow, arrow: false });
        }
        let direct = block.leaves && !block.branches.iter().any(|branch| branch.leaves);
        if direct {
            let points = vec![fork.from, (fork.from.0, bus)];
            self.picture.wires.push(Wire { points, kind: WireKind::Flow, arrow: false });
        }
        End { y: bus + BELOW / 2, tip: block.leaves.then_some(bus) }
    }

    /// Lays out one row; gives the line where its branches meet, and the ends from which the flow goes on.
    fn row(&mut self, columns: &[Column<'_>], fork: Fork, y: i32) -> (i32, Vec<Point>) {
        let row = self.rows.len();
        self.rows.push(Row { above: y + 2, below: 0 });
        let line = y + ABOVE;
        let mut bottom = line;
        let mut tips = Vec::new();
        for column in columns {
            let level = Level { channel: column.x + column.width, row: Some(row), fork: Some(fork.decision) };
            self.levels.push(level);
            let (end, spine) = self.column(*column, fork, line);
            self.levels.pop();
            bottom = bottom.max(end.y);
            tips.extend(end.tip.map(|tip| (spine, tip)));
        }
        let bus = bottom + BELOW;
        self.rows[row].below = bus + 3;
        (bus, tips)
    }

    /// Lays out one branch below the line that leads to it; gives its end and its spine.
    fn column(&mut self, column: Column<'_>, fork: Fork, line: i32) -> (End, i32) {
        let around = Some(fork.phase);
        let facts = self.facts;
        let lanes = facts.plan.lanes(&column.branch.blocks, around);
        let inset = if lanes.iter().any(|lane| lane.heading.is_some()) { self.metrics.pad } else { 0 };
        let spine = column.x + inset + SPINE;
        let label = self.label(column, fork.decision, line + DROP, spine);
        let (top, bottom) = (label.rect.y, label.rect.bottom());
        self.picture.labels.push(label);
        let tip = column.branch.entered.then_some(top);
        if column.branch.entered {
            let points = vec![fork.from, (fork.from.0, line), (spine, line), (spine, top)];
            self.picture.wires.push(Wire { points, kind: WireKind::Flow, arrow: false });
        }
        if column.branch.blocks.is_empty() {
            return (End { y: bottom, tip: tip.filter(|_| column.branch.leaves) }, spine);
        }
        let space = Space { x: column.x, y: bottom + STEP - 6, width: column.width };
        (self.sequence(&column.branch.blocks, space, around, tip), spine)
    }

    fn label(&self, column: Column<'_>, decision: usize, y: i32, spine: i32) -> BranchLabel {
        let x = spine + 12;
        let w = (column.x + column.width - x).max(40);
        let name = self.facts.branch(decision, column.branch.arm);
        let guard = self.facts.branch_guard(decision, column.branch.arm);
        let label = wrap(&name, Font { size: 14, bold: true }, w, 3);
        let lines = guard.as_deref().map_or_else(Vec::new, |guard| wrap(guard, Font { size: 13, bold: false }, w, 2));
        let height = 19 * label.len() + 18 * lines.len();
        let rect = Rect { x, y, w, h: i32::try_from(height).unwrap_or(0) };
        let whole = guard.map_or_else(|| name.clone(), |guard| format!("{name}: {guard}"));
        BranchLabel { rect, label, guard: lines, whole }
    }

    /// Shares out the width: rows of columns, equally wide where no branch forks again.
    fn arrange<'p>(&self, branches: &'p [Branch], space: Space) -> Vec<Vec<Column<'p>>> {
        let metrics = self.metrics;
        let (x, width) = (space.x + metrics.indent, space.width - metrics.indent - metrics.margin);
        let need = |branch: &Branch| {
            let deep = i32::try_from(depth(&branch.blocks)).unwrap_or(0);
            (metrics.column + deep * metrics.level()).min(width)
        };
        let widest = branches.iter().map(need).max().unwrap_or(width);
        if widest <= metrics.column {
            let fit = usize::try_from((width + metrics.gap) / (metrics.column + metrics.gap)).unwrap_or(1).max(1);
            let rows = branches.len().div_ceil(fit).max(1);
            let columns = branches.len().div_ceil(rows).max(1);
            return branches.chunks(columns).map(|row| share(row, columns, x, width, metrics.gap)).collect();
        }
        let mut rows: Vec<&[Branch]> = Vec::new();
        let mut rest = branches;
        while !rest.is_empty() {
            let mut used = 0;
            let fits = rest.iter().take_while(|branch| {
                used += need(branch) + metrics.gap;
                used - metrics.gap <= width
            });
            let (row, others) = rest.split_at(fits.count().max(1));
            rows.push(row);
            rest = others;
        }
        rows.into_iter().map(|row| spread(row, need, x, width, metrics.gap)).collect()
    }
}

/// Columns of one width; a row that is not full leaves the rest free.
fn share(row: &[Branch], columns: usize, x: i32, width: i32, gap: i32) -> Vec<Column<'_>> {
    let columns = i32::try_from(columns).unwrap_or(1);
    let each = (width - gap * (columns - 1)) / columns;
    row.iter().zip(0..).map(|(branch, index)| Column { branch, x: x + index * (each + gap), width: each }).collect()
}

/// Columns as wide as each needs, and an equal part of what is left.
fn spread<'p>(row: &'p [Branch], need: impl Fn(&Branch) -> i32, mut x: i32, width: i32, gap: i32) -> Vec<Column<'p>> {
    let count = i32::try_from(row.len()).unwrap_or(1);
    let spare = (width - row.iter().map(&need).sum::<i32>() - gap * (count - 1)) / count.max(1);
    let mut columns = Vec::new();
    for branch in row {
        let width = need(branch) + spare.max(0);
        columns.push(Column { branch, x, width });
        x += width + gap;
    }
    columns
}

/// How many levels of branches lie in a sequence.
fn depth(blocks: &[Block]) -> usize {
    let of_block = |block: &Block| block.branches.iter().map(|branch| 1 + depth(&branch.blocks)).max().unwrap_or(0);
    blocks.iter().map(of_block).max().unwrap_or(0)
}

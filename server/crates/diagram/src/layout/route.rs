//! Jumps: dashed lines that leave a node at its right, run in channels, and enter another at its right.

use super::picture::{Point, Wire, WireKind};
use super::{JUMPS_DRAWN, Layout, Level, Place};
use crate::plan::{Jump, JumpKind};

/// Jumps share channels; this many lie beside each other before they lie upon each other.
const SLOTS: usize = 4;
/// The free lines of two rows are this near where nothing stands between them.
const NEAR: i32 = 16;
/// From a node's column to the first line in the channel beside it.
const CLEAR: i32 = 5;

impl Layout<'_> {
    /// Draws the jumps, where they are few enough to be followed.
    pub fn jumps(&mut self) {
        let jumps = &self.facts.plan.jumps;
        if jumps.len() > JUMPS_DRAWN {
            return;
        }
        for (index, jump) in jumps.iter().enumerate() {
            let slot = i32::try_from(index % SLOTS).unwrap_or(0);
            let Some(points) = self.route(jump, slot) else { continue };
            let kind = match jump.kind {
                JumpKind::Then | JumpKind::Goto => WireKind::Goto,
                JumpKind::Needs => WireKind::Needs,
                JumpKind::Failure => WireKind::Failure,
            };
            self.picture.wires.push(Wire { points, kind, arrow: true });
        }
    }

    fn route(&self, jump: &Jump, slot: i32) -> Option<Vec<Point>> {
        let (from, to) = (self.places[jump.from].as_ref()?, self.places[jump.to].as_ref()?);
        let start = (from.rect.right(), from.rect.middle() + 2 + 2 * slot);
        let end = (to.rect.right(), to.rect.middle() - 8 + 2 * slot);
        let shared = from.levels.iter().zip(&to.levels).take_while(|(a, b)| same(a, b)).count().max(1);
        let down = end.1 > start.1;
        let mut points = vec![start];
        let mut out = self.climb(from, shared, start.1, down, slot);
        let mut back = self.climb(to, shared, end.1, !down, slot);
        let between = from.levels.get(shared).zip(to.levels.get(shared));
        if between.is_some_and(|(a, b)| self.neighbours(a, b)) {
            // Along the free line of the row, without going around all of it.
            out.pop();
            back.pop();
            let line = out.last().map_or(start.1, |point| point.1);
            if let Some(last) = back.last_mut() {
                last.1 = line;
            }
        }
        points.append(&mut out);
        points.extend(back.into_iter().rev());
        points.push(end);
        points.dedup();
        Some(points)
    }

    /// Tells whether branches stand in one row, or in rows that follow each other with nothing between.
    fn neighbours(&self, a: &Level, b: &Level) -> bool {
        let (Some(first), Some(second)) = (a.row, b.row) else { return false };
        let (upper, lower) = (self.rows[first.min(second)], self.rows[first.max(second)]);
        a.fork == b.fork && (first == second || (lower.above - upper.below).abs() <= NEAR)
    }

    /// The way from a node out to the channel of the sequence that both ends lie in.
    fn climb(&self, place: &Place, shared: usize, y: i32, down: bool, slot: i32) -> Vec<Point> {
        let mut points = Vec::new();
        let mut y = y;
        let offset = CLEAR + slot * self.metrics.slot;
        for level in place.levels[shared..].iter().rev() {
            let x = level.channel + offset;
            points.push((x, y));
            if let Some(row) = level.row.map(|row| self.rows[row]) {
                y = if down { row.below + slot } else { row.above + 2 * slot };
                points.push((x, y));
            }
        }
        let x = place.levels[shared - 1].channel + offset;
        points.push((x, y));
        points
    }
}

/// Tells whether two nodes lie in the same sequence at a level.
fn same(a: &Level, b: &Level) -> bool {
    a.row == b.row && a.fork == b.fork && a.channel == b.channel
}

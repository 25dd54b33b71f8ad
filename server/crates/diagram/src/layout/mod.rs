//! Where everything stands, in whole pixels: the same on every machine.
//!
//! A sequence runs downwards along its spine, a vertical line near its left edge. Steps stand on the spine; what is no
//! step stands beside it, so that the flow visibly passes by. The branches of a decision stand side by side below it, in
//! as many rows as the width asks for; their ends meet again. Jumps run in channels that nothing else stands in.

mod card;
mod fork;
mod picture;
mod route;
mod sequence;
#[cfg(test)]
mod tests;

pub use card::{Body, Card, Part, Role, leading};
pub use picture::{Picture, Point, WireKind};

use self::picture::Rect;
use crate::facts::Facts;
use crate::options::{Highlight, WIDTH_NARROW};
use crate::plan::DEEPEST;

/// From a sequence's left edge to its spine.
const SPINE: i32 = 18;
/// Between two nodes.
const STEP: i32 = 22;
/// Around everything.
const EDGE: i32 = 8;
/// The most jumps that are drawn as lines; more would hide the flow, and stand in words alone.
const JUMPS_DRAWN: usize = 24;
/// Pictures this narrow are for phones: everything stands closer.
const NARROW: i32 = 560;

/// Distances that depend on the width.
#[derive(Clone, Copy, Debug)]
struct Metrics {
    /// From a sequence's left edge to its branches.
    indent: i32,
    /// Right of the last branch: room for a channel and for the line where branches meet.
    margin: i32,
    /// Between branches: room for a channel.
    gap: i32,
    /// Between a lane's edge and what is in it.
    pad: i32,
    /// The narrowest branch.
    column: i32,
    /// Between two jumps in one channel.
    slot: i32,
}

impl Metrics {
    const fn of(width: i32) -> Self {
        if width < NARROW {
            Self { indent: 22, margin: 18, gap: 18, pad: 6, column: 150, slot: 2 }
        } else {
            Self { indent: 34, margin: 36, gap: 30, pad: 12, column: 206, slot: 4 }
        }
    }

    /// The width that one level of branches takes from what lies in it.
    const fn level(&self) -> i32 {
        self.indent + self.margin + 2 * self.pad
    }
}

/// The width that is drawn for a width that is asked for.
pub fn width(asked: u16) -> i32 {
    i32::from(asked.max(WIDTH_NARROW))
}

/// How deep branches may nest in a picture of some width.
pub fn deepest(asked: u16) -> usize {
    let width = width(asked);
    let metrics = Metrics::of(width);
    let room = width - 2 * EDGE - metrics.margin - 2 * metrics.pad - metrics.column;
    usize::try_from(room / metrics.level()).unwrap_or(0).clamp(1, DEEPEST)
}

/// Lays out a graph.
pub fn layout(facts: &Facts<'_>, asked: u16, highlight: Option<&Highlight>) -> Picture {
    let width = width(asked);
    let metrics = Metrics::of(width);
    let mut layout = Layout {
        facts,
        highlight,
        metrics,
        picture: Picture { width, ..Picture::default() },
        places: vec![None; facts.plan.nodes.len()],
        levels: Vec::new(),
        rows: Vec::new(),
    };
    let top = sequence::Space { x: EDGE, y: EDGE, width: width - 2 * EDGE - metrics.margin };
    let start = layout.start(top);
    let bottom = layout.sequence(&facts.plan.blocks, top.below(start.y), None, start.tip).y;
    layout.jumps();
    layout.picture.height = bottom + EDGE;
    layout.picture
}

/// A sequence on the way from the outermost one to a node: how a jump gets out of it.
#[derive(Clone, Copy, Debug)]
struct Level {
    /// Where the channel right of the sequence begins.
    channel: i32,
    /// The row of branches that the sequence stands in; nothing for the outermost.
    row: Option<usize>,
    /// The decision of that row.
    fork: Option<usize>,
}

/// Where a node stands, and in what.
#[derive(Clone, Debug)]
struct Place {
    rect: Rect,
    levels: Vec<Level>,
}

/// The free lines above and below a row of branches.
#[derive(Clone, Copy, Debug)]
struct Row {
    above: i32,
    below: i32,
}

struct Layout<'a> {
    facts: &'a Facts<'a>,
    highlight: Option<&'a Highlight>,
    metrics: Metrics,
    picture: Picture,
    places: Vec<Option<Place>>,
    levels: Vec<Level>,
    rows: Vec<Row>,
}

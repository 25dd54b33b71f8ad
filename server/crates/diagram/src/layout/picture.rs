//! What a laid-out picture consists of.

use super::card::Card;

/// A place, in pixels from the top left.
pub type Point = (i32, i32);

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub w: i32,
    /// Height.
    pub h: i32,
}

impl Rect {
    /// The right edge.
    pub const fn right(&self) -> i32 {
        self.x + self.w
    }

    /// The lower edge.
    pub const fn bottom(&self) -> i32 {
        self.y + self.h
    }

    /// The middle of its height.
    pub const fn middle(&self) -> i32 {
        self.y + self.h / 2
    }
}

/// A lane: consecutive steps of one phase.
#[derive(Clone, Debug)]
pub struct Band {
    /// Its place.
    pub rect: Rect,
    /// Where its heading begins, and on which line it stands.
    pub at: Point,
    /// Its heading, on one line.
    pub heading: String,
}

/// The name of a branch, at its head.
#[derive(Clone, Debug)]
pub struct BranchLabel {
    /// Its place.
    pub rect: Rect,
    /// The name.
    pub label: Vec<String>,
    /// The condition.
    pub guard: Vec<String>,
    /// Name and condition in full.
    pub whole: String,
}

/// A line between nodes.
#[derive(Clone, Debug)]
pub struct Wire {
    /// Its corners.
    pub points: Vec<Point>,
    /// What it means.
    pub kind: WireKind,
    /// Whether it ends in an arrow head.
    pub arrow: bool,
}

/// What a line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireKind {
    /// The flow.
    Flow,
    /// From the flow to what stands beside it.
    Tie,
    /// Elsewhere.
    Goto,
    /// Must be done first.
    Needs,
    /// Where to go if it fails.
    Failure,
}

/// Everything with its place.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
    /// Where the flow begins.
    pub start: Option<Point>,
    /// Lanes, outer ones first.
    pub bands: Vec<Band>,
    /// Lines.
    pub wires: Vec<Wire>,
    /// Names of branches.
    pub labels: Vec<BranchLabel>,
    /// Nodes, each once.
    pub cards: Vec<Card>,
}

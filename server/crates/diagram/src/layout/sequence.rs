//! A sequence: nodes one below the other, in lanes, along a spine.

use farol_api::graph::Phase;

use super::card::Role;
use super::picture::{Band, Rect, Wire, WireKind};
use super::{Layout, Level, Place, SPINE, STEP};
use crate::plan::Block;
use crate::text::{Font, wrap};

/// Height of a lane's heading.
const HEADING: i32 = 30;
/// Between two lanes.
const BETWEEN: i32 = 14;
/// Radius of the point where the flow begins.
const START: i32 = 6;

/// Where a sequence may stand; its height is not known yet.
#[derive(Clone, Copy, Debug)]
pub struct Space {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: i32,
}

impl Space {
    /// The same, further down.
    pub const fn below(self, y: i32) -> Self {
        Self { y, ..self }
    }
}

/// How far something reaches, and from where the flow goes on; nothing where it ends.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// The lowest line used.
    pub y: i32,
    /// Where the flow leaves the spine.
    pub tip: Option<i32>,
}

impl Layout<'_> {
    /// Marks where the flow begins, if it begins at the first node.
    pub fn start(&mut self, space: Space) -> End {
        let first = self.facts.plan.blocks.first().map(|block| block.node);
        if first.is_none() || first != self.facts.plan.start {
            return End { y: space.y, tip: None };
        }
        let at = (space.x + self.metrics.pad + SPINE, space.y + START);
        self.picture.start = Some(at);
        End { y: space.y + 2 * START + 8, tip: Some(at.1 + START) }
    }

    /// Lays out a sequence; `around` is the phase of the lane that it lies in, nothing for the outermost.
    pub fn sequence(
        &mut self,
        blocks: &[Block],
        space: Space,
        around: Option<Option<Phase>>,
        incoming: Option<i32>,
    ) -> End {
        if around.is_none() {
            let level = Level { channel: space.x + space.width, row: None, fork: None };
            self.levels.push(level);
        }
        let facts = self.facts;
        let lanes = facts.plan.lanes(blocks, around);
        let inset = if lanes.iter().any(|lane| lane.heading.is_some()) { self.metrics.pad } else { 0 };
        let mut end = End { y: space.y, tip: incoming };
        for (index, lane) in lanes.iter().enumerate() {
            if index > 0 {
                end.y += if inset > 0 { BETWEEN } else { STEP };
            }
            let top = end.y;
            let band = lane.heading.map(|heading| {
                self.picture.bands.push(Band {
                    rect: Rect { x: space.x, y: top, w: space.width, h: 0 },
                    at: (space.x + inset + SPINE + 14, top + 20),
                    heading: String::new(),
                });
                let room = space.width - inset - SPINE - 20;
                let text = wrap(&facts.heading(heading), Font { size: 13, bold: true }, room, 1);
                (self.picture.bands.len() - 1, text.into_iter().next().unwrap_or_default())
            });
            if band.is_some() {
                end.y += HEADING;
            }
            let inner = Space { x: space.x + inset, y: end.y, width: space.width - 2 * inset };
            end = self.blocks(lane.blocks, inner, lane.phase, end.tip);
            if let Some((band, heading)) = band {
                end.y += self.metrics.pad;
                self.picture.bands[band].heading = heading;
                self.picture.bands[band].rect.h = end.y - top;
            }
        }
        if around.is_none() {
            self.levels.pop();
        }
        end
    }

    fn blocks(&mut self, blocks: &[Block], space: Space, phase: Option<Phase>, incoming: Option<i32>) -> End {
        let mut end = End { y: space.y, tip: incoming };
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 {
                end.y += STEP;
            }
            end = self.block(block, space.below(end.y), phase, end.tip);
        }
        end
    }

    fn block(&mut self, block: &Block, space: Space, phase: Option<Phase>, incoming: Option<i32>) -> End {
        let card = self.card(block.node, space.x, space.y, space.width);
        let spine = space.x + SPINE;
        if let Some(tip) = incoming {
            let points = vec![(spine, tip), (spine, card.entry())];
            self.picture.wires.push(Wire { points, kind: WireKind::Flow, arrow: card.role != Role::Aside });
        }
        if card.role == Role::Aside {
            let points = vec![(spine, card.rect.middle()), (card.rect.x, card.rect.middle())];
            self.picture.wires.push(Wire { points, kind: WireKind::Tie, arrow: false });
        }
        self.places[block.node] = Some(Place { rect: card.rect, levels: self.levels.clone() });
        let (y, exit) = (card.rect.bottom(), card.exit());
        self.picture.cards.push(card);
        if block.branches.is_empty() {
            return End { y, tip: block.leaves.then_some(exit) };
        }
        self.fork(block, space.below(y), phase, exit)
    }
}

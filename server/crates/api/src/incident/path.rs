//! The way taken through a step graph.

use super::IncidentState;
use crate::graph::{Node, StepGraph};

/// No heading or list nests deeper; the bound keeps a broken graph from looping.
const DEEPEST: usize = 64;

impl IncidentState {
    /// Tells whether a node is on the way taken: in no branch, or in chosen branches only.
    ///
    /// Undecided branches count as not taken: one is walked after it was chosen.
    pub fn is_on_path(&self, graph: &StepGraph, node: &Node) -> bool {
        let mut arm = node.arm.as_ref();
        for _ in 0..DEEPEST {
            let Some(at) = arm else { return true };
            if self.choices.get(&at.decision).is_none_or(|choice| choice.arm != at.arm) {
                return false;
            }
            arm = graph.node(&at.decision).and_then(|decision| decision.arm.as_ref());
        }
        false
    }
}

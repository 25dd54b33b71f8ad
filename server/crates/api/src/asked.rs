//! What an author's attributes ask of a step, as far as something acts on it.

use crate::event::EventKind;
use crate::graph::{Attributes, EdgeKind, Node, StepGraph};
#[cfg(not(target_arch = "wasm32"))]
use crate::hold::RowRange;
use crate::id::StepId;
use crate::incident::{Attempt, IncidentState, StepStatus};
use crate::risk::RiskClass;

impl Attributes {
    fn written(&self, key: &str) -> Option<&str> {
        self.raw.get(key).map(String::as_str)
    }

    /// Returns the least class that the step is taken for.
    pub fn least_risk(&self) -> Option<RiskClass> {
        Some(match self.written("risk")? {
            "read" => RiskClass::Read,
            "side_effect" => RiskClass::SideEffect,
            "write" => RiskClass::Write,
            "schema" => RiskClass::Schema,
            "destructive" => RiskClass::Destructive,
            "administration" => RiskClass::Administration,
            _ => return None,
        })
    }

    /// Returns how many other people must approve it, whatever its class takes.
    pub fn least_approvals(&self) -> u8 {
        u8::from(self.written("approval") == Some("required"))
    }

    /// Returns how often it may be asked for again after it failed, without a reason.
    pub fn retries(&self) -> Option<u32> {
        self.written("retries")?.parse().ok()
    }

    /// Returns how many rows it may change.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn rows(&self) -> Option<RowRange> {
        RowRange::read(self.written("rows")?)
    }

    /// Returns whether what it changes is held before it is committed, where its author says so.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn holds(&self) -> Option<bool> {
        match self.written("hold")? {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }

    /// Returns the condition under which it is done.
    pub fn condition(&self) -> Option<&str> {
        self.written("when").map(str::trim).filter(|text| !text.is_empty())
    }

    /// Returns what should come out.
    pub fn expected(&self) -> Option<&str> {
        self.written("expect").map(str::trim).filter(|text| !text.is_empty())
    }

    /// Returns the names under which what it leaves is kept.
    pub fn captures(&self) -> impl Iterator<Item = &str> {
        self.written("capture").unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty())
    }

    /// Returns the id of the step that comes next if this one fails.
    pub fn on_failure(&self) -> Option<&str> {
        self.written("on_failure")
    }
}

impl IncidentState {
    /// Returns how often a step may still be asked for without a reason; nothing where its author set no bound, or
    /// where it has not failed.
    ///
    /// An attempt that a person stopped or withdrew is no failure. One of which nobody knows how it ended is.
    pub fn retries_left(&self, node: &Node) -> Option<u32> {
        let most = node.attributes.retries()?;
        let attempts = self.steps.get(&node.id)?.attempts.iter().filter_map(|id| self.attempts.get(id));
        let failed =
            attempts.filter(|attempt| attempt.result.as_ref().is_some_and(|result| result.outcome.is_failure()));
        let failures = u32::try_from(failed.count()).unwrap_or(u32::MAX);
        failures.checked_sub(1).map(|again| most.saturating_sub(again))
    }

    /// Tells whether an event is about a dry run, which leaves its step where it stands.
    pub fn is_dry(&self, kind: &EventKind) -> bool {
        kind.attempt().and_then(|id| self.attempts.get(&id)).is_some_and(|attempt| attempt.request.way.is_dry())
    }

    /// Returns the dry runs of a step, in no order.
    pub fn dry_runs<'s>(&'s self, step: &'s StepId) -> impl Iterator<Item = &'s Attempt> {
        self.attempts.values().filter(move |attempt| attempt.request.way.is_dry() && &attempt.request.step == step)
    }

    /// Returns the steps that a step needs and that are not settled.
    pub fn unmet_needs<'g>(&self, graph: &'g StepGraph, step: &StepId) -> impl Iterator<Item = &'g StepId> {
        let needs = graph.edges.iter().filter(move |edge| edge.kind == EdgeKind::Needs && &edge.to == step);
        let settled = |id: &StepId| self.steps.get(id).is_some_and(|step| step.status.is_settled());
        needs.map(|edge| &edge.from).filter(move |id| !settled(id))
    }

    /// Returns the step that its author sends to after a failure that is not tried again, where it failed so.
    ///
    /// How an attempt of unknown outcome ended has to be found out first: nothing leads away from it.
    pub fn after_failure(&self, node: &Node) -> Option<StepId> {
        let status = self.steps.get(&node.id)?.status;
        let failed = matches!(status, StepStatus::Failed | StepStatus::TimedOut);
        if !failed || self.retries_left(node).is_some_and(|left| left > 0) {
            return None;
        }
        node.attributes.on_failure()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(pairs: &[(&str, &str)]) -> Attributes {
        let raw = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Attributes { raw, ..Attributes::default() }
    }

    #[test]
    fn what_an_author_asks_for_is_read_and_nonsense_asks_for_nothing() {
        let all =
            attributes(&[("risk", "destructive"), ("approval", "required"), ("retries", "2"), ("when", " a > 1 ")]);
        assert_eq!(all.least_risk(), Some(RiskClass::Destructive));
        assert_eq!((all.least_approvals(), all.retries(), all.condition()), (1, Some(2), Some("a > 1")));
        let none = attributes(&[("risk", "session"), ("approval", "no"), ("retries", "-1"), ("when", " ")]);
        assert_eq!((none.least_risk(), none.least_approvals()), (None, 0));
        assert_eq!((none.retries(), none.condition()), (None, None));
    }
}

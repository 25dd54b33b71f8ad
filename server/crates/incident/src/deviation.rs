//! What went other than the runbook says.

use std::collections::BTreeMap;

use farol_api::event::{Event, EventKind};
use farol_api::graph::{Node, StepGraph};
use farol_api::id::StepId;
use farol_api::incident::{IncidentState, StepStatus};
use farol_api::request::{Deviation, DeviationKind};

/// Lists the deviations in the order of the runbook.
pub fn deviations(graph: &StepGraph, state: &IncidentState, events: &[Event]) -> Vec<Deviation> {
    let finished = first_finished(state, events);
    let steps: Vec<&Node> =
        graph.nodes.iter().filter(|node| node.kind.is_step() && state.is_on_path(graph, node)).collect();
    let mut found = Vec::new();
    // From the end: a step is out of order where a later one was settled before it.
    let mut earliest_later = i64::MAX;
    for node in steps.into_iter().rev() {
        let seq = finished.get(&node.id).copied();
        let kinds = kinds_of(state, node).into_iter();
        let late = seq.filter(|seq| *seq > earliest_later).map(|_| (DeviationKind::OutOfOrder, None));
        let mut here: Vec<Deviation> = kinds
            .chain(late)
            .map(|(kind, detail)| Deviation { kind, step: node.id.clone(), title: node.title.clone(), detail, seq })
            .collect();
        here.append(&mut found);
        found = here;
        earliest_later = earliest_later.min(seq.unwrap_or(i64::MAX));
    }
    found
}

fn kinds_of(state: &IncidentState, node: &Node) -> Vec<(DeviationKind, Option<String>)> {
    let step = state.steps.get(&node.id).cloned().unwrap_or_default();
    let ended = match step.status {
        StepStatus::Skipped => Some((DeviationKind::Skipped, step.reason)),
        StepStatus::Failed | StepStatus::TimedOut | StepStatus::Cancelled => Some((DeviationKind::Failed, step.reason)),
        StepStatus::OutcomeUnknown => Some((DeviationKind::OutcomeUnknown, None)),
        StepStatus::Pending => Some((DeviationKind::NotReached, None)),
        _ => None,
    };
    let attempts = step.attempts.len();
    // Trying again as often as the author allows is what the runbook says.
    let allowed = 1 + node.attributes.retries().map_or(0, |most| most as usize);
    let repeated = (attempts > allowed).then(|| (DeviationKind::Repeated, Some(attempts.to_string())));
    ended.into_iter().chain(repeated).collect()
}

/// The first event that settled each step.
fn first_finished(state: &IncidentState, events: &[Event]) -> BTreeMap<StepId, i64> {
    let mut first = BTreeMap::new();
    for event in events {
        let settles = matches!(
            event.kind,
            EventKind::StepDone { .. }
                | EventKind::StepFailed { .. }
                | EventKind::StepSkipped { .. }
                | EventKind::AttemptFinished { .. }
                | EventKind::BranchChosen { .. }
        );
        let settles = settles && !state.is_dry(&event.kind);
        if let Some(step) = event.kind.step().filter(|_| settles) {
            first.entry(step.clone()).or_insert(event.seq);
        }
    }
    first
}

//! What went other than the runbook says.

use std::collections::BTreeMap;

use farol_api::event::{Event, EventKind};
use farol_api::graph::StepGraph;
use farol_api::id::StepId;
use farol_api::incident::{IncidentState, StepStatus};
use farol_api::request::{Deviation, DeviationKind};

/// Lists the deviations in the order of the runbook.
pub fn deviations(graph: &StepGraph, state: &IncidentState, events: &[Event]) -> Vec<Deviation> {
    let finished = first_finished(events);
    let mut latest_before: i64 = 0;
    let mut found = Vec::new();
    for node in graph
        .nodes
        .iter()
        .filter(|node| node.kind.is_step() && state.is_on_path(graph, node))
    {
        let step = state.steps.get(&node.id).cloned().unwrap_or_default();
        let seq = finished.get(&node.id).copied();
        let mut add = |kind, detail: Option<String>| {
            found.push(Deviation {
                kind,
                step: node.id.clone(),
                title: node.title.clone(),
                detail,
                seq,
            });
        };
        match step.status {
            StepStatus::Skipped => add(DeviationKind::Skipped, step.reason.clone()),
            StepStatus::Failed | StepStatus::TimedOut | StepStatus::Cancelled => {
                add(DeviationKind::Failed, step.reason.clone());
            }
            StepStatus::OutcomeUnknown => add(DeviationKind::OutcomeUnknown, None),
            StepStatus::Pending => add(DeviationKind::NotReached, None),
            _ => {}
        }
        if step.attempts.len() > 1 {
            add(
                DeviationKind::Repeated,
                Some(step.attempts.len().to_string()),
            );
        }
        if let Some(seq) = seq {
            if seq < latest_before {
                add(DeviationKind::OutOfOrder, None);
            }
            latest_before = latest_before.max(seq);
        }
    }
    found
}

/// The first event that settled each step.
fn first_finished(events: &[Event]) -> BTreeMap<StepId, i64> {
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
        if let Some(step) = event.kind.step().filter(|_| settles) {
            first.entry(step.clone()).or_insert(event.seq);
        }
    }
    first
}

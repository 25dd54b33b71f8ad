//! Steps taken and deviations.

use farol_api::event::EventKind;
use farol_api::id::StepId;
use farol_api::incident::StepState;
use farol_api::request::DeviationKind;
use farol_api::terms::Term;

use super::Case;
use crate::report::{DeviationRow, StepRow};
use crate::words::fill;

/// In the order of the runbook; steps that are not in its graph follow, by id.
pub(super) fn rows(case: &Case<'_>) -> Vec<StepRow> {
    let (graph, steps) = (case.input.graph, &case.input.state.steps);
    let known = graph.nodes.iter().filter_map(|node| steps.get_key_value(&node.id));
    let strange = steps.iter().filter(|(id, _)| graph.node(id).is_none());
    known.chain(strange).map(|(id, step)| row(case, id, step)).collect()
}

fn row(case: &Case<'_>, id: &StepId, step: &StepState) -> StepRow {
    let choice = case.input.state.choices.get(id).map(|choice| &choice.label);
    let seen = choice.or(step.observed.as_ref()).or(step.reason.as_ref());
    StepRow {
        title: title(case, id),
        status: step.status.term(case.locale),
        by: step.by.as_ref().map(|person| person.name.clone()).unwrap_or_default(),
        attempts: step.attempts.len(),
        seen: seen.cloned().unwrap_or_default(),
        evidence: last_change(case, id),
    }
}

/// A step that a newer reading of the runbook no longer knows is called as its events called it.
fn title(case: &Case<'_>, id: &StepId) -> String {
    let named = case.names.step(id);
    if named != id.as_str() {
        return named;
    }
    let titled = case.input.events.iter().find_map(|event| match &event.kind {
        EventKind::StepDone { step, title, .. }
        | EventKind::StepFailed { step, title, .. }
        | EventKind::StepSkipped { step, title, .. }
        | EventKind::StepReopened { step, title, .. }
            if step == id =>
        {
            Some(title.clone())
        }
        _ => None,
    });
    titled.unwrap_or(named)
}

fn last_change(case: &Case<'_>, id: &StepId) -> Option<i64> {
    let changes = case
        .input
        .events
        .iter()
        .rev()
        .filter(|event| !matches!(event.kind, EventKind::Noted { .. } | EventKind::AttemptQueued { .. }))
        .filter(|event| !case.input.state.is_dry(&event.kind));
    changes.filter(|event| event.kind.step() == Some(id)).map(|event| event.seq).next()
}

pub(super) fn deviations(case: &Case<'_>) -> Vec<DeviationRow> {
    let row = |deviation: &farol_api::request::Deviation| {
        let detail = deviation.detail.clone().unwrap_or_default();
        DeviationRow {
            kind: deviation.kind.term(case.locale),
            step: deviation.title.clone(),
            detail: match deviation.kind {
                DeviationKind::Repeated if !detail.is_empty() => fill(case.words.times, &[&detail]),
                _ => detail,
            },
            evidence: deviation.seq,
        }
    };
    case.input.deviations.iter().map(row).collect()
}

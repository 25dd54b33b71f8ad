//! Action items, responders and figures.

use chrono::{DateTime, Utc};
use farol_api::event::EventKind;
use farol_api::incident::{ActionItem, Status};
use farol_api::metrics::{Metric, MetricValue};
use farol_api::terms::{Term, formula};
use farol_api::user::Person;

use super::{Case, Input};
use crate::format::{span, stamp};
use crate::report::{ActionRow, MetricRow, ResponderRow};
use crate::words::fill;

pub(super) fn action_items(case: &Case<'_>) -> Vec<ActionRow> {
    let w = case.words;
    let items = case.input.state.postmortem.action_items.iter();
    let row = |item: &ActionItem| ActionRow {
        number: item.number,
        text: item.text.clone(),
        owner: item.owner.clone().unwrap_or_default(),
        due: item.due.clone().unwrap_or_default(),
        state: if item.done { w.done } else { w.open },
    };
    items.map(row).collect()
}

pub(super) fn responders(case: &Case<'_>) -> Vec<ResponderRow> {
    let state = case.input.state;
    let roles = |id| {
        let held = state.roles.iter().filter(|holder| holder.person.id == id);
        let mut roles: Vec<_> = held.map(|holder| holder.role).collect();
        roles.sort_unstable();
        roles.iter().map(|role| role.term(case.locale)).collect::<Vec<_>>().join(", ")
    };
    let row = |(at, person): &(DateTime<Utc>, Person)| ResponderRow {
        name: person.name.clone(),
        joined: stamp(*at),
        roles: roles(person.id),
    };
    let end = end(case.input);
    let responded = state.responders.iter().filter(|(at, person)| {
        end.is_none_or(|end| *at <= end) || state.roles.iter().any(|holder| holder.person.id == person.id)
    });
    responded.map(row).collect()
}

/// When the incident was over for the last time; who came later to write or review did not respond to it.
fn end(input: &Input<'_>) -> Option<DateTime<Utc>> {
    let ended =
        input.events.iter().rev().find(|event| {
            matches!(event.kind, EventKind::StatusChanged { to: Status::Resolved | Status::Cancelled, .. })
        });
    ended.filter(|_| !input.state.status.is_open()).map(|event| event.occurred_at)
}

pub(super) fn metrics(case: &Case<'_>) -> Vec<MetricRow> {
    let row = |metric: &Metric| MetricRow {
        name: metric.kind.term(case.locale),
        value: value(case, metric.value),
        formula: formula(metric.kind, case.locale),
        objective: objective(case, metric),
    };
    case.input.metrics.iter().map(row).collect()
}

fn value(case: &Case<'_>, value: MetricValue) -> String {
    let w = case.words;
    match value {
        MetricValue::Recorded { seconds } => fill(w.recorded_value, &[&span(seconds)]),
        MetricValue::Pending => w.pending.to_owned(),
        MetricValue::NotApplicable => w.not_applicable.to_owned(),
        MetricValue::Invalid => w.invalid.to_owned(),
    }
}

fn objective(case: &Case<'_>, metric: &Metric) -> String {
    let w = case.words;
    let Some(objective) = metric.objective_seconds.map(span) else { return String::new() };
    match metric.met {
        Some(true) => fill(w.objective_met, &[&objective]),
        Some(false) => fill(w.objective_missed, &[&objective]),
        None => objective,
    }
}

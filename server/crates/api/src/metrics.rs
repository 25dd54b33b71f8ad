//! Figures of an incident, each from its milestones.

use serde::{Deserialize, Serialize};

use crate::event::{Event, EventKind};
use crate::incident::{IncidentState, Milestone, Status};
use chrono::{DateTime, Utc};

/// A figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MetricKind {
    /// Impact started → detected.
    TimeToDetect,
    /// Declared → first acknowledgement.
    TimeToAcknowledge,
    /// Declared → last responder joined.
    TimeToMobilise,
    /// Detected → mitigated.
    TimeToMitigate,
    /// Declared → resolved.
    TimeToResolve,
    /// Declared → resolved, against the runbook's RTO.
    Rto,
    /// Age of the data restored, against the runbook's RPO.
    Rpo,
}

/// What is known of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum MetricValue {
    /// It is this many seconds.
    Recorded {
        /// Whole seconds.
        seconds: u64,
    },
    /// One of its times is not there yet.
    Pending,
    /// It will never be there: the incident is over without it, or there is no objective.
    NotApplicable,
    /// Its times are out of order.
    Invalid,
}

/// One figure of one incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Metric {
    /// Which.
    pub kind: MetricKind,
    /// What is known of it.
    pub value: MetricValue,
    /// The objective in seconds, for RTO and RPO.
    pub objective_seconds: Option<u64>,
    /// Whether the objective was met, where both are known.
    pub met: Option<bool>,
}

/// Computes all figures, in the order they are shown.
pub fn metrics(state: &IncidentState, events: &[Event]) -> Vec<Metric> {
    let time = |milestone| state.milestones.get(&milestone).copied();
    let over = !state.status.is_open();
    let declared = time(Milestone::Declared);
    let resolved = time(Milestone::Resolved);
    let mobilised = last_joined(state, events).or(declared);
    let resolve = between(declared, resolved, over);
    vec![
        plain(MetricKind::TimeToDetect, between(time(Milestone::ImpactStarted), time(Milestone::Detected), over)),
        plain(MetricKind::TimeToAcknowledge, between(declared, time(Milestone::Acknowledged), over)),
        plain(MetricKind::TimeToMobilise, between(declared, mobilised, over)),
        plain(MetricKind::TimeToMitigate, between(time(Milestone::Detected), time(Milestone::Mitigated), over)),
        plain(MetricKind::TimeToResolve, resolve),
        against(MetricKind::Rto, resolve, state.rto_seconds),
        against(MetricKind::Rpo, data_age(state, over), state.rpo_seconds),
    ]
}

fn plain(kind: MetricKind, value: MetricValue) -> Metric {
    Metric { kind, value, objective_seconds: None, met: None }
}

fn against(kind: MetricKind, value: MetricValue, objective_seconds: Option<u64>) -> Metric {
    let Some(objective) = objective_seconds else {
        return plain(kind, MetricValue::NotApplicable);
    };
    let met = match value {
        MetricValue::Recorded { seconds } => Some(seconds <= objective),
        _ => None,
    };
    Metric { kind, value, objective_seconds, met }
}

fn between(from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>, over: bool) -> MetricValue {
    match (from, to) {
        (Some(from), Some(to)) => u64::try_from((to - from).num_seconds())
            .ok()
            .filter(|_| to >= from)
            .map_or(MetricValue::Invalid, |seconds| MetricValue::Recorded { seconds }),
        _ if over => MetricValue::NotApplicable,
        _ => MetricValue::Pending,
    }
}

fn data_age(state: &IncidentState, over: bool) -> MetricValue {
    match state.data_age_seconds {
        Some(seconds) => MetricValue::Recorded { seconds },
        None if over => MetricValue::NotApplicable,
        None => MetricValue::Pending,
    }
}

/// The last time somebody joined while the incident was open; who writes the post-mortem later did not mobilise.
fn last_joined(state: &IncidentState, events: &[Event]) -> Option<DateTime<Utc>> {
    let ended = events.iter().find_map(|event| match &event.kind {
        EventKind::StatusChanged { to: Status::Resolved | Status::Cancelled, .. } => Some(event.occurred_at),
        _ => None,
    });
    let joined = state.responders.iter().map(|(at, _)| *at);
    joined.filter(|at| ended.is_none_or(|ended| *at <= ended)).max()
}

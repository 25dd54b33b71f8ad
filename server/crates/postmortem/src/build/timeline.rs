//! The timeline, each row with its evidence.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use farol_api::event::{Event, EventKind};
use farol_api::id::AttemptId;
use farol_api::terms::Term;

use super::Case;
use crate::format::stamp;
use crate::report::{Evidence, TimelineRow};
use crate::sentence::sentence;
use crate::words::fill;

/// A record this much later than what it records says so.
const LATE: TimeDelta = TimeDelta::minutes(1);

pub(super) fn rows(case: &Case<'_>, order: &[AttemptId]) -> Vec<TimelineRow> {
    let corrected = corrections(case.input.events);
    let mut shown: Vec<&Event> = case.input.events.iter().filter(|event| is_shown(&event.kind)).collect();
    shown.sort_by_key(|event| (happened(event), event.seq));
    shown.into_iter().map(|event| row(case, event, order, &corrected)).collect()
}

/// Writing the document and waiting for a worker are no part of what happened.
const fn is_shown(kind: &EventKind) -> bool {
    !matches!(
        kind,
        EventKind::SectionWritten { .. } | EventKind::ActionItemSet { .. } | EventKind::AttemptQueued { .. }
    )
}

/// When it happened: a milestone when it was reached, not when somebody wrote it down.
const fn happened(event: &Event) -> DateTime<Utc> {
    match &event.kind {
        EventKind::MilestoneRecorded { at, .. } => *at,
        _ => event.occurred_at,
    }
}

/// The last correction of each entry.
fn corrections(events: &[Event]) -> BTreeMap<i64, i64> {
    let corrections = events.iter().filter_map(|event| match &event.kind {
        EventKind::Corrected { seq, .. } => Some((*seq, event.seq)),
        _ => None,
    });
    corrections.collect()
}

fn row(case: &Case<'_>, event: &Event, order: &[AttemptId], corrected: &BTreeMap<i64, i64>) -> TimelineRow {
    let at = happened(event);
    let mut said = match &event.kind {
        // The row says when it was reached.
        EventKind::MilestoneRecorded { milestone, .. } => milestone.term(case.locale).to_owned(),
        kind => sentence(kind, case.locale, case.names),
    };
    if let Some(by) = corrected.get(&event.seq) {
        said = format!("{said} [{}]", fill(case.words.corrected, &[&by.to_string()]));
    }
    let recorded = (event.recorded_at - at >= LATE).then(|| fill(case.words.recorded, &[&stamp(event.recorded_at)]));
    TimelineRow {
        at: stamp(at),
        event: said,
        by: case.actor(&event.actor),
        evidence: Evidence { seq: event.seq, recorded, output: output(&event.kind, order) },
    }
}

fn output(kind: &EventKind, order: &[AttemptId]) -> Option<(String, usize)> {
    let EventKind::AttemptFinished { attempt, result, .. } = kind else { return None };
    let digest = result.output_digest.as_ref()?;
    let index = order.iter().position(|id| id == attempt)?;
    Some((digest.as_str().chars().take(12).collect(), index + 1))
}

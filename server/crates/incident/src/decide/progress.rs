//! Severity, status, milestones, roles and notes.

use chrono::{DateTime, Duration, Utc};
use farol_api::event::EventKind;
use farol_api::id::StepId;
use farol_api::incident::{IncidentRole, Milestone, Severity, Status};
use farol_api::user::Person;

use super::withdraw::with_withdrawals;
use super::{Case, needed, optional};
use crate::{Decision, Refusal};

pub(super) fn change_severity(case: &Case<'_>, to: Severity, reason: Option<String>) -> Result<Decision, Refusal> {
    case.must_be_open()?;
    if to == case.state.severity {
        return Ok(Decision::nothing());
    }
    Ok(EventKind::SeverityChanged { from: case.state.severity, to, reason: optional(reason)? }.into())
}

pub(super) fn change_status(case: &Case<'_>, to: Status, reason: Option<String>) -> Result<Decision, Refusal> {
    let from = case.state.status;
    if to == from {
        return Ok(Decision::nothing());
    }
    if !from.next().contains(&to) {
        return Err(Refusal::StatusNotReachable);
    }
    if to == Status::Cancelled && optional(reason.clone())?.is_none() {
        return Err(Refusal::ReasonNeeded);
    }
    let mut events = vec![EventKind::StatusChanged { from, to, reason: optional(reason)? }];
    let milestone = match to {
        Status::Resolved => Some(Milestone::Resolved),
        Status::Closed => Some(Milestone::Closed),
        // Whoever begins to work on it has taken it up.
        Status::Investigating | Status::Mitigating | Status::Monitoring => Some(Milestone::Acknowledged),
        Status::Declared | Status::Cancelled => None,
    };
    let keeps_first = milestone == Some(Milestone::Acknowledged);
    if let Some(milestone) = milestone.filter(|m| !(keeps_first && case.state.milestones.contains_key(m))) {
        events.push(EventKind::MilestoneRecorded { milestone, at: case.now });
    }
    Ok(Decision::events(with_withdrawals(case, events)))
}

pub(super) fn record_milestone(
    case: &Case<'_>,
    milestone: Milestone,
    at: Option<DateTime<Utc>>,
) -> Result<Decision, Refusal> {
    let at = at.unwrap_or(case.now);
    match milestone {
        Milestone::Declared | Milestone::Resolved | Milestone::Closed | Milestone::PostmortemPublished => {
            return Err(Refusal::MilestoneNotByHand);
        }
        Milestone::ImpactStarted
        | Milestone::Detected
        | Milestone::Acknowledged
        | Milestone::Mitigated
        | Milestone::ImpactEnded => {}
    }
    // A browser's clock may be a little ahead of the server's.
    if at > case.now + Duration::minutes(1) {
        return Err(Refusal::InFuture);
    }
    let mut events = vec![EventKind::MilestoneRecorded { milestone, at }];
    let follows = match (milestone, case.state.status) {
        (Milestone::Acknowledged, Status::Declared) => Some(Status::Investigating),
        (Milestone::Mitigated, Status::Declared | Status::Investigating | Status::Mitigating) => {
            Some(Status::Monitoring)
        }
        _ => None,
    };
    if let Some(to) = follows {
        events.push(EventKind::StatusChanged { from: case.state.status, to, reason: None });
    }
    Ok(Decision::events(events))
}

pub(super) fn record_data_age(case: &Case<'_>, seconds: u64) -> Result<Decision, Refusal> {
    if case.state.data_age_seconds == Some(seconds) {
        return Ok(Decision::nothing());
    }
    Ok(EventKind::DataAgeRecorded { seconds }.into())
}

pub(super) fn join(case: &Case<'_>) -> Decision {
    if case.state.responders.iter().any(|(_, person)| person.id == case.actor.id) {
        return Decision::nothing();
    }
    EventKind::ResponderJoined { person: case.actor.clone() }.into()
}

pub(super) fn assign_role(case: &Case<'_>, role: IncidentRole, person: Person) -> Result<Decision, Refusal> {
    case.must_be_open()?;
    if case.state.roles.iter().any(|holder| holder.role == role && holder.person.id == person.id) {
        return Ok(Decision::nothing());
    }
    Ok(EventKind::RoleAssigned { role, person }.into())
}

pub(super) fn note(case: &Case<'_>, text: String, step: Option<StepId>) -> Result<Decision, Refusal> {
    if step.as_ref().is_some_and(|step| case.graph.node(step).is_none()) {
        return Err(Refusal::UnknownStep);
    }
    Ok(EventKind::Noted { text: needed(&text, Refusal::TextNeeded)?, step }.into())
}

pub(super) fn correct(case: &Case<'_>, seq: i64, text: String) -> Result<Decision, Refusal> {
    if !(1..=case.state.last_seq).contains(&seq) {
        return Err(Refusal::UnknownEntry);
    }
    Ok(EventKind::Corrected { seq, text: needed(&text, Refusal::TextNeeded)? }.into())
}

//! Breaking the glass: it waives other people's approval and nothing else. What is typed, confirmed and recorded stays.

use chrono::Duration;
use farol_api::event::EventKind;
use farol_api::incident::{AttemptStatus, BREAK_GLASS_MINUTES, BreakGlass};

use super::{Case, needed};
use crate::{Decision, Refusal};

/// Opens it. What its person asked for before and nobody approved yet is queued with it.
pub(super) fn open(case: &Case<'_>, reason: &str, minutes: u32) -> Result<Decision, Refusal> {
    case.must_be_open()?;
    if !(1..=BREAK_GLASS_MINUTES).contains(&minutes) {
        return Err(Refusal::BreakGlassMinutes);
    }
    let reason = needed(reason, Refusal::ReasonNeeded)?;
    if case.state.has_broken_glass(case.actor.id, case.now) {
        return Err(Refusal::BreakGlassOpen);
    }
    let number = u32::try_from(case.state.break_glass.len()).unwrap_or(u32::MAX).saturating_add(1);
    let until = case.now + Duration::minutes(i64::from(minutes));
    let waiting = case.state.attempts.iter().filter(|(_, attempt)| {
        let own = attempt.requested_by.as_ref().is_some_and(|person| person.id == case.actor.id);
        let waits = attempt.status == AttemptStatus::AwaitingApproval && case.now <= attempt.request.expires_at;
        own && waits && case.still_runs(attempt).is_ok()
    });
    let queued =
        waiting.map(|(id, attempt)| EventKind::AttemptQueued { attempt: *id, step: attempt.request.step.clone() });
    let mut events = vec![EventKind::BreakGlassOpened { number, reason, until }];
    events.extend(queued);
    Ok(Decision::events(events))
}

/// Closes it: nothing more is sent without approval.
pub(super) fn close(case: &Case<'_>, number: u32) -> Result<Decision, Refusal> {
    let glass = find(case, number)?;
    if !glass.is_open(case.now) {
        return Ok(Decision::nothing());
    }
    Ok(EventKind::BreakGlassClosed { number }.into())
}

/// Says what somebody else found.
pub(super) fn review(case: &Case<'_>, number: u32, text: &str) -> Result<Decision, Refusal> {
    let glass = find(case, number)?;
    if glass.by.id == case.actor.id {
        return Err(Refusal::BreakGlassOwn);
    }
    if glass.is_open(case.now) {
        return Err(Refusal::BreakGlassNotOver);
    }
    if glass.review.is_some() {
        return Err(Refusal::BreakGlassReviewed);
    }
    let text = needed(text, Refusal::TextNeeded)?;
    Ok(EventKind::BreakGlassReviewed { number, text }.into())
}

fn find<'a>(case: &Case<'a>, number: u32) -> Result<&'a BreakGlass, Refusal> {
    case.state.break_glass.iter().find(|glass| glass.number == number).ok_or(Refusal::UnknownBreakGlass)
}

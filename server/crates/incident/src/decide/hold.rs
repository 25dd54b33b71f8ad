//! Deciding what becomes of a change that is held.

use farol_api::event::EventKind;
use farol_api::id::AttemptId;
use farol_api::incident::{Attempt, AttemptStatus, IncidentRole, IncidentState};
use farol_api::user::Person;

use super::Case;
use crate::{Decision, Refusal};

/// An incident that is over does not keep what is held waiting: it can be decided there too.
pub(super) fn decide(case: &Case<'_>, id: AttemptId, commit: bool) -> Result<Decision, Refusal> {
    let attempt = case.state.attempts.get(&id).ok_or(Refusal::UnknownAttempt)?;
    if attempt.status == AttemptStatus::Finished {
        return Err(Refusal::AttemptOver);
    }
    let hold = attempt.hold.as_ref().ok_or(Refusal::NotHeld)?;
    if !may_decide(case.state, attempt, case.actor) {
        return Err(Refusal::NotYours);
    }
    if let Some(decided) = &hold.decided {
        return if decided.commit == commit { Ok(Decision::nothing()) } else { Err(Refusal::NotHeld) };
    }
    if commit && (case.now > hold.held.until || attempt.cancel_requested) {
        return Err(Refusal::HoldOver);
    }
    let step = attempt.request.step.clone();
    Ok(EventKind::HoldDecided { attempt: id, step, commit, because: None }.into())
}

/// Tells whether somebody decides what becomes of what an attempt holds: who asked for it, and the incident commander.
pub fn may_decide(state: &IncidentState, attempt: &Attempt, person: &Person) -> bool {
    let asked = attempt.requested_by.as_ref().is_some_and(|by| by.id == person.id);
    let commands = |role: IncidentRole| role == IncidentRole::Commander;
    asked || state.roles.iter().any(|holder| commands(holder.role) && holder.person.id == person.id)
}

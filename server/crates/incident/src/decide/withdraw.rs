//! Taking back what was asked for and not sent yet.

use farol_api::event::{Actor, AttemptResult, Event, EventKind, FailureCode, Outcome};
use farol_api::id::AttemptId;
use farol_api::incident::{Attempt, AttemptStatus};

use super::Case;

/// Returns what withdraws an attempt that was not sent. Who takes one off the queue holds the incident until it is sent: here
/// it is not.
pub(super) fn withdrawn(id: AttemptId, attempt: &Attempt) -> [EventKind; 2] {
    let step = attempt.request.step.clone();
    [EventKind::CancelRequested { attempt: id, step: step.clone() }, never_ran(id, attempt)]
}

/// Returns the end of an attempt that was never sent.
pub(super) fn never_ran(id: AttemptId, attempt: &Attempt) -> EventKind {
    let result = AttemptResult::ended(Outcome::Voided, Some(FailureCode::Withdrawn));
    EventKind::AttemptFinished { attempt: id, step: attempt.request.step.clone(), result }
}

/// Adds what withdraws the attempts that wait, may run now, and may not once all this has happened: the incident is over,
/// another branch is taken, a step that theirs needs is to be done again.
pub(super) fn with_withdrawals(case: &Case<'_>, mut events: Vec<EventKind>) -> Vec<EventKind> {
    let mut after = case.state.clone();
    for kind in &events {
        after.apply(&Event {
            incident_id: after.id,
            seq: after.last_seq + 1,
            occurred_at: case.now,
            recorded_at: case.now,
            actor: Actor::Person(case.actor.clone()),
            kind: kind.clone(),
        });
    }
    let may_run = |case: &Case<'_>, attempt| case.must_be_open().and_then(|()| case.still_runs(attempt)).is_ok();
    let then = Case { state: &after, ..*case };
    let attempts = case.state.attempts.iter().filter(|(_, attempt)| {
        let waits = matches!(attempt.status, AttemptStatus::AwaitingApproval | AttemptStatus::Queued);
        waits && may_run(case, attempt) && !may_run(&then, attempt)
    });
    events.extend(attempts.flat_map(|(id, attempt)| withdrawn(*id, attempt)));
    events
}

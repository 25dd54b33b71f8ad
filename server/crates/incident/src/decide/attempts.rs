//! Asking to run a step, approving, refusing and stopping it.

use farol_api::approval::ApprovalBar;
use farol_api::digest::Digest;
use farol_api::event::EventKind;
use farol_api::graph::CommandLanguage;
use farol_api::id::AttemptId;
use farol_api::incident::{Attempt, AttemptStatus};
use farol_api::policy::{RequesterAct, requirement};
use farol_api::risk::RiskClass;
use farol_api::target::CredentialRole;

use super::withdraw::{never_ran, withdrawn};
use super::{Case, needed, optional};
use crate::command::{Approver, StartAttempt};
use crate::spec::AttemptSpec;
use crate::{Asked, Decision, Refusal};

pub(super) fn start(case: &Case<'_>, start: StartAttempt) -> Result<Decision, Refusal> {
    case.must_be_open()?;
    let StartAttempt { spec, mut request, seen, typed_target, confirmed, may_waive } = start;
    let node = case.step(&spec.step)?;
    if !node.kind.is_executable() {
        return Err(Refusal::WrongKind);
    }
    let dry = request.way.is_dry();
    let number = 1 + if dry { dry_before(case, &spec)? } else { before(case, &spec)? };
    let digest = spec.digest();
    if digest != seen || request.digest != digest || spec.number as usize != number {
        return Err(Refusal::Changed);
    }
    // What an author asks of a step is asked of what it does, not of a look at it beforehand.
    let asked = if dry { Asked::default() } else { Asked::of(case.state, node) };
    let same = |a: &Asked, b: &Asked| {
        a.approvals == b.approvals && a.needs_reason == b.needs_reason && a.expected == b.expected
    };
    if !same(&spec.asked, &asked) {
        return Err(Refusal::Changed);
    }
    let taken = requirement(spec.class, request.environment).ok_or(Refusal::ClassRefused)?;
    let taken = taken.with_others(asked.approvals).with_others(spec.asked.target_approvals);
    if spec.role != taken.credential {
        return Err(Refusal::Changed);
    }
    request.reason = optional(request.reason)?;
    request.needs_reason = asked.needs_reason;
    let typed = typed_target.as_deref().map(str::trim) == Some(spec.target.as_str());
    match taken.requester {
        RequesterAct::Press => {}
        RequesterAct::Confirm | RequesterAct::Review if !confirmed => {
            return Err(Refusal::NotConfirmed);
        }
        RequesterAct::Confirm | RequesterAct::Review => {}
        RequesterAct::TypeTarget | RequesterAct::TypeTargetAndReason if !typed => {
            return Err(Refusal::TargetNotTyped);
        }
        RequesterAct::TypeTargetAndReason if request.reason.is_none() => {
            return Err(Refusal::ReasonNeeded);
        }
        RequesterAct::TypeTarget | RequesterAct::TypeTargetAndReason => {}
    }
    if asked.needs_reason && request.reason.is_none() {
        return Err(Refusal::ReasonNeeded);
    }
    request.requirement = taken;
    let (attempt, step) = (request.attempt, request.step.clone());
    let mut events = vec![EventKind::AttemptRequested { request }];
    if taken.approvals == 0 || may_waive && case.state.has_broken_glass(case.actor.id, case.now) {
        events.push(EventKind::AttemptQueued { attempt, step });
    }
    let mut decision = Decision::events(events);
    decision.spec = Some(spec);
    Ok(decision)
}

/// Counts the attempts of the step so far. One can be asked for where none is under way, and what it needs is done.
fn before(case: &Case<'_>, spec: &AttemptSpec) -> Result<usize, Refusal> {
    case.needs_are_met(&spec.step)?;
    let step = case.state.steps.get(&spec.step);
    if step.is_some_and(|step| step.status.is_active()) {
        return Err(Refusal::StepActive);
    }
    Ok(step.map_or(0, |step| step.attempts.len()))
}

/// Counts the dry runs of the step so far. They only read, whatever the step does.
fn dry_before(case: &Case<'_>, spec: &AttemptSpec) -> Result<usize, Refusal> {
    if spec.class != RiskClass::Read || spec.role != CredentialRole::ReadOnly || spec.language != CommandLanguage::Sql {
        return Err(Refusal::ClassRefused);
    }
    if case.state.dry_runs(&spec.step).any(|attempt| attempt.status != AttemptStatus::Finished) {
        return Err(Refusal::StepActive);
    }
    Ok(case.state.dry_runs(&spec.step).count())
}

pub(super) fn approve(
    case: &Case<'_>,
    id: AttemptId,
    digest: &Digest,
    approver: Approver,
) -> Result<Decision, Refusal> {
    case.must_be_open()?;
    let attempt = awaiting(case, id)?;
    if let Some(bar) = bar(attempt, case, approver) {
        return Err(Refusal::Barred(bar));
    }
    if case.now > attempt.request.expires_at {
        return Err(Refusal::Expired);
    }
    if digest != &attempt.request.digest {
        return Err(Refusal::Changed);
    }
    case.still_runs(attempt)?;
    let step = attempt.request.step.clone();
    let (digest, editors_untold) = (digest.clone(), approver.untold);
    let mut events = vec![EventKind::ApprovalGranted { attempt: id, step: step.clone(), digest, editors_untold }];
    if attempt.approvals.len() + 1 >= usize::from(attempt.request.requirement.approvals) {
        events.push(EventKind::AttemptQueued { attempt: id, step });
    }
    Ok(Decision::events(events))
}

pub(super) fn refuse(case: &Case<'_>, id: AttemptId, reason: String, approver: Approver) -> Result<Decision, Refusal> {
    let attempt = awaiting(case, id)?;
    if !approver.may_approve {
        return Err(Refusal::Barred(ApprovalBar::Role));
    }
    let reason = needed(&reason, Refusal::ReasonNeeded)?;
    let step = attempt.request.step.clone();
    Ok(Decision::events([EventKind::ApprovalRefused { attempt: id, step, reason }, never_ran(id, attempt)]))
}

pub(super) fn cancel(case: &Case<'_>, id: AttemptId) -> Result<Decision, Refusal> {
    let attempt = case.state.attempts.get(&id).ok_or(Refusal::UnknownAttempt)?;
    match attempt.status {
        AttemptStatus::Finished => Err(Refusal::AttemptOver),
        AttemptStatus::AwaitingApproval | AttemptStatus::Queued => Ok(Decision::events(withdrawn(id, attempt))),
        AttemptStatus::Running if attempt.cancel_requested => Ok(Decision::nothing()),
        AttemptStatus::Running => {
            Ok(EventKind::CancelRequested { attempt: id, step: attempt.request.step.clone() }.into())
        }
    }
}

/// Returns why somebody may not approve an attempt.
pub(crate) fn bar(attempt: &Attempt, case: &Case<'_>, approver: Approver) -> Option<ApprovalBar> {
    let is_actor = |person: Option<&farol_api::user::Person>| person.is_some_and(|p| p.id == case.actor.id);
    if !approver.may_approve {
        Some(ApprovalBar::Role)
    } else if is_actor(attempt.requested_by.as_ref()) {
        Some(ApprovalBar::Requester)
    } else if approver.is_editor {
        Some(ApprovalBar::Editor)
    } else if attempt.approvals.iter().any(|approval| is_actor(approval.by.as_ref())) {
        Some(ApprovalBar::Already)
    } else {
        None
    }
}

fn awaiting<'a>(case: &Case<'a>, id: AttemptId) -> Result<&'a Attempt, Refusal> {
    let attempt = case.state.attempts.get(&id).ok_or(Refusal::UnknownAttempt)?;
    if attempt.status == AttemptStatus::AwaitingApproval { Ok(attempt) } else { Err(Refusal::NotAwaiting) }
}

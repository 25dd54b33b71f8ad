//! Parameters, branches, and the steps that people do.

use farol_api::event::EventKind;
use farol_api::graph::{Node, NodeKind};
use farol_api::id::StepId;
use farol_api::incident::StepStatus;

use super::withdraw::with_withdrawals;
use super::{Case, TEXT_MAX, needed, optional};
use crate::decision::SecretValue;
use crate::{Decision, Refusal};

pub(super) fn set_parameter(case: &Case<'_>, name: String, value: String, secret: bool) -> Result<Decision, Refusal> {
    case.must_be_open()?;
    if !case.parameters.contains(&name) {
        return Err(Refusal::UnknownParameter);
    }
    if value.len() > TEXT_MAX {
        return Err(Refusal::TextTooLong);
    }
    let shown = (!secret).then(|| value.clone());
    if !secret && case.state.parameters.get(&name).is_some_and(|old| old.value == shown) {
        return Ok(Decision::nothing());
    }
    let mut decision = Decision::from(EventKind::ParameterSet { name: name.clone(), value: shown, secret });
    decision.secret_value = secret.then_some(SecretValue { name, value });
    Ok(decision)
}

pub(super) fn choose_branch(
    case: &Case<'_>,
    step: &StepId,
    arm: usize,
    reason: Option<String>,
) -> Result<Decision, Refusal> {
    case.must_be_open()?;
    let node = case.step(step)?;
    if node.kind != NodeKind::Decision {
        return Err(Refusal::WrongKind);
    }
    let label = node.arms.get(arm).ok_or(Refusal::UnknownArm)?.label.clone();
    if case.state.choices.get(step).is_some_and(|choice| choice.arm == arm) {
        return Ok(Decision::nothing());
    }
    let chosen = EventKind::BranchChosen { decision: step.clone(), arm, label, reason: optional(reason)? };
    Ok(Decision::events(with_withdrawals(case, vec![chosen])))
}

pub(super) fn finish(case: &Case<'_>, step: &StepId, observed: Option<String>) -> Result<Decision, Refusal> {
    let node = workable(case, step)?;
    if node.kind == NodeKind::Decision {
        return Err(Refusal::WrongKind);
    }
    if case.state.steps.get(step).is_some_and(|s| s.status == StepStatus::Done) {
        return Ok(Decision::nothing());
    }
    unfinished(case, step)?;
    let observed = optional(observed)?;
    Ok(EventKind::StepDone { step: step.clone(), title: node.title.clone(), observed }.into())
}

pub(super) fn fail(case: &Case<'_>, step: &StepId, reason: String) -> Result<Decision, Refusal> {
    let node = workable(case, step)?;
    unfinished(case, step)?;
    let reason = needed(&reason, Refusal::ReasonNeeded)?;
    Ok(EventKind::StepFailed { step: step.clone(), title: node.title.clone(), reason }.into())
}

pub(super) fn skip(case: &Case<'_>, step: &StepId, reason: String) -> Result<Decision, Refusal> {
    case.must_be_open()?;
    let node = case.step(step)?;
    not_active(case, step)?;
    unfinished(case, step)?;
    let reason = needed(&reason, Refusal::ReasonNeeded)?;
    Ok(EventKind::StepSkipped { step: step.clone(), title: node.title.clone(), reason }.into())
}

pub(super) fn reopen(case: &Case<'_>, step: &StepId, reason: Option<String>) -> Result<Decision, Refusal> {
    case.must_be_open()?;
    let node = case.step(step)?;
    not_active(case, step)?;
    if case.state.steps.get(step).is_none_or(|s| s.status == StepStatus::Pending) {
        return Err(Refusal::StepNotFinished);
    }
    let reason = optional(reason)?;
    let reopened = EventKind::StepReopened { step: step.clone(), title: node.title.clone(), reason };
    Ok(Decision::events(with_withdrawals(case, vec![reopened])))
}

/// Finds a step that a person may settle by hand.
///
/// An executable one too: somebody may have run it elsewhere, and the record is better off knowing.
fn workable<'a>(case: &Case<'a>, step: &StepId) -> Result<&'a Node, Refusal> {
    case.must_be_open()?;
    let node = case.step(step)?;
    if !node.kind.is_step() {
        return Err(Refusal::WrongKind);
    }
    not_active(case, step)?;
    case.needs_are_met(step)?;
    Ok(node)
}

fn not_active(case: &Case<'_>, step: &StepId) -> Result<(), Refusal> {
    let active = case.state.steps.get(step).is_some_and(|s| s.status.is_active());
    if active { Err(Refusal::StepActive) } else { Ok(()) }
}

fn unfinished(case: &Case<'_>, step: &StepId) -> Result<(), Refusal> {
    let finished = case.state.steps.get(step).is_some_and(|s| s.status.is_settled());
    if finished { Err(Refusal::StepFinished) } else { Ok(()) }
}

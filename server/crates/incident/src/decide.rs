//! The rules.

mod attempts;
mod break_glass;
mod erase;
mod hold;
mod postmortem;
mod progress;
mod steps;
mod withdraw;

use chrono::{DateTime, Utc};
use farol_api::graph::{Node, StepGraph};
use farol_api::id::StepId;
use farol_api::incident::{Attempt, IncidentState};
use farol_api::user::Person;

use crate::{Command, Decision, Refusal};

pub use erase::{Erasable, erase, expire};
pub use hold::may_decide;

/// The longest text of a note, reason or section, in bytes.
pub const TEXT_MAX: usize = 64 * 1024;

/// All that a decision may look at.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The state before.
    pub state: &'a IncidentState,
    /// The steps of the revision that the incident was declared with.
    pub graph: &'a StepGraph,
    /// The names of the runbook's parameters.
    pub parameters: &'a [String],
    /// Who asks.
    pub actor: &'a Person,
    /// When.
    pub now: DateTime<Utc>,
}

/// Decides what a command leads to.
///
/// A command that asks for what is so already leads to no event and is no error: two people pressing the same
/// button get the same answer.
pub fn decide(case: &Case<'_>, command: Command) -> Result<Decision, Refusal> {
    match command {
        Command::ChangeSeverity { to, reason } => progress::change_severity(case, to, reason),
        Command::ChangeStatus { to, reason } => progress::change_status(case, to, reason),
        Command::RecordMilestone { milestone, at } => progress::record_milestone(case, milestone, at),
        Command::RecordDataAge { seconds } => progress::record_data_age(case, seconds),
        Command::Join => Ok(progress::join(case)),
        Command::AssignRole { role, person } => progress::assign_role(case, role, person),
        Command::Note { text, step } => progress::note(case, text, step),
        Command::Correct { seq, text } => progress::correct(case, seq, text),
        Command::SetParameter { name, value, secret } => steps::set_parameter(case, name, value, secret),
        Command::ChooseBranch { step, arm, reason } => steps::choose_branch(case, &step, arm, reason),
        Command::FinishStep { step, observed } => steps::finish(case, &step, observed),
        Command::FailStep { step, reason } => steps::fail(case, &step, reason),
        Command::SkipStep { step, reason } => steps::skip(case, &step, reason),
        Command::ReopenStep { step, reason } => steps::reopen(case, &step, reason),
        Command::StartAttempt(start) => attempts::start(case, *start),
        Command::Approve { attempt, digest, approver } => attempts::approve(case, attempt, &digest, approver),
        Command::Refuse { attempt, reason, approver } => attempts::refuse(case, attempt, reason, approver),
        Command::DecideHold { attempt, commit } => hold::decide(case, attempt, commit),
        Command::Cancel { attempt } => attempts::cancel(case, attempt),
        Command::OpenBreakGlass { reason, minutes } => break_glass::open(case, &reason, minutes),
        Command::CloseBreakGlass { number } => break_glass::close(case, number),
        Command::ReviewBreakGlass { number, text } => break_glass::review(case, number, &text),
        Command::WriteSection { section, text } => postmortem::write_section(case, section, text),
        Command::SetActionItem { number, text, owner, due, done } => {
            postmortem::set_action_item(case, number, text, owner, due, done)
        }
        Command::MovePostmortem { to } => postmortem::move_to(case, to),
    }
}

impl<'a> Case<'a> {
    fn must_be_open(&self) -> Result<(), Refusal> {
        if self.state.status.is_open() { Ok(()) } else { Err(Refusal::IncidentOver) }
    }

    /// Finds a step that can be worked on: it exists, its branch was chosen, what it needs is done.
    fn step(&self, id: &StepId) -> Result<&'a Node, Refusal> {
        let node = self.graph.node(id).ok_or(Refusal::UnknownStep)?;
        if !self.state.is_on_path(self.graph, node) {
            return Err(Refusal::OffPath);
        }
        Ok(node)
    }

    fn needs_are_met(&self, step: &StepId) -> Result<(), Refusal> {
        let met = self.state.unmet_needs(self.graph, step).next().is_none();
        if met { Ok(()) } else { Err(Refusal::NeedsUnmet) }
    }

    /// Tells why what was asked for may not run any more, if it may not. A dry run waits for no other step.
    fn still_runs(&self, attempt: &Attempt) -> Result<(), Refusal> {
        let step = &attempt.request.step;
        self.step(step)?;
        if attempt.request.way.is_dry() { Ok(()) } else { self.needs_are_met(step) }
    }
}

/// Trims a text that must not be empty.
fn needed(text: &str, missing: Refusal) -> Result<String, Refusal> {
    let trimmed = text.trim();
    match trimmed.len() {
        0 => Err(missing),
        1..=TEXT_MAX => Ok(trimmed.to_owned()),
        _ => Err(Refusal::TextTooLong),
    }
}

/// Trims a text that may be absent; an empty one is absent.
fn optional(text: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    match needed(&text, Refusal::TextNeeded) {
        Ok(text) => Ok(Some(text)),
        Err(Refusal::TextNeeded) => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

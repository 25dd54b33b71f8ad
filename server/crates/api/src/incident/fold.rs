//! The fold: what each event means for the state. The server and the browser run this same function.

use std::collections::BTreeMap;

use super::{
    ActionItem, Approval, Attempt, AttemptStatus, BranchChoice, IncidentState, Milestone, ParameterValue, Postmortem,
    PostmortemState, RoleHolder, StepState, StepStatus,
};
#[cfg(not(target_arch = "wasm32"))]
use super::{BreakGlass, BreakGlassReview, Erasure};
#[cfg(not(target_arch = "wasm32"))]
use crate::capture::{CapturedValue, Origin, Withheld};
use crate::event::{AttemptResult, Event, EventKind, Outcome};
#[cfg(not(target_arch = "wasm32"))]
use crate::hold::{HoldDecision, HoldState};
use crate::id::{AttemptId, StepId};
use crate::user::Person;
use chrono::{DateTime, Utc};

/// Keeps what was seen of a change that is held, and who decided about it.
#[cfg(not(target_arch = "wasm32"))]
fn hold(attempt: &mut Attempt, kind: &EventKind, at: DateTime<Utc>, by: Option<&Person>) {
    match kind {
        EventKind::AttemptHeld { held, .. } => {
            attempt.hold = Some(HoldState { held: held.clone(), since: at, decided: None });
        }
        EventKind::HoldDecided { commit, because, .. } => {
            if let Some(hold) = &mut attempt.hold {
                hold.decided = Some(HoldDecision { commit: *commit, because: *because, by: by.cloned(), at });
            }
        }
        _ => {}
    }
}

impl IncidentState {
    /// Folds all events of an incident; nothing where the first is not its declaration.
    pub fn fold<'e>(events: impl IntoIterator<Item = &'e Event>) -> Option<Self> {
        let mut events = events.into_iter();
        let mut state = Self::begin(events.next()?)?;
        for event in events {
            state.apply(event);
        }
        Some(state)
    }

    /// Begins with a declaration; nothing where the event is another.
    pub fn begin(event: &Event) -> Option<Self> {
        let EventKind::Declared { title, severity, drill, runbook, target, rto_seconds, rpo_seconds } = &event.kind
        else {
            return None;
        };
        let mut state = Self {
            id: event.incident_id,
            title: title.clone(),
            severity: *severity,
            severities: vec![(event.occurred_at, *severity)],
            status: super::Status::Declared,
            drill: *drill,
            runbook: runbook.clone(),
            target: target.clone(),
            rto_seconds: *rto_seconds,
            rpo_seconds: *rpo_seconds,
            data_age_seconds: None,
            milestones: BTreeMap::from([(Milestone::Declared, event.occurred_at)]),
            responders: Vec::new(),
            roles: Vec::new(),
            parameters: BTreeMap::new(),
            #[cfg(not(target_arch = "wasm32"))]
            captured: BTreeMap::new(),
            #[cfg(not(target_arch = "wasm32"))]
            sealed: BTreeMap::new(),
            #[cfg(not(target_arch = "wasm32"))]
            directories: BTreeMap::new(),
            choices: BTreeMap::new(),
            steps: BTreeMap::new(),
            attempts: BTreeMap::new(),
            #[cfg(not(target_arch = "wasm32"))]
            break_glass: Vec::new(),
            #[cfg(not(target_arch = "wasm32"))]
            erasures: Vec::new(),
            postmortem: Postmortem::default(),
            last_seq: event.seq,
        };
        state.join(event.occurred_at, event.actor.person());
        Some(state)
    }

    /// Folds one more event in. An event that was folded already changes nothing.
    pub fn apply(&mut self, event: &Event) {
        if event.seq <= self.last_seq {
            return;
        }
        self.last_seq = event.seq;
        let (at, by) = (event.occurred_at, event.actor.person());
        // Who judges, or erases, does not respond.
        let judges = matches!(
            event.kind,
            EventKind::ApprovalGranted { .. }
                | EventKind::ApprovalRefused { .. }
                | EventKind::BreakGlassReviewed { .. }
                | EventKind::PayloadErased { .. }
        );
        if !judges {
            self.join(at, by);
        }
        match &event.kind {
            EventKind::Declared { .. } | EventKind::Noted { .. } | EventKind::Corrected { .. } => {}
            EventKind::SeverityChanged { to, .. } => {
                self.severity = *to;
                self.severities.push((at, *to));
            }
            EventKind::StatusChanged { to, .. } => self.status = *to,
            EventKind::MilestoneRecorded { milestone, at } => {
                self.milestones.insert(*milestone, *at);
            }
            EventKind::DataAgeRecorded { seconds } => self.data_age_seconds = Some(*seconds),
            EventKind::ResponderJoined { person } => self.join(at, Some(person)),
            EventKind::RoleAssigned { role, person } => {
                self.join(at, Some(person));
                self.roles.retain(|holder| holder.role != *role);
                self.roles.push(RoleHolder { role: *role, person: person.clone() });
            }
            EventKind::ParameterSet { name, value, secret } => {
                let filled =
                    ParameterValue { value: value.clone(), secret: *secret, set_by: by.cloned(), set_in: event.seq };
                self.parameters.insert(name.clone(), filled);
            }
            EventKind::BranchChosen { decision, arm, label, .. } => {
                let choice = BranchChoice { arm: *arm, label: label.clone(), by: by.cloned(), at };
                self.choices.insert(decision.clone(), choice);
                self.settle(decision, StepStatus::Done, at, by);
            }
            EventKind::StepDone { step, observed, .. } => {
                self.settle(step, StepStatus::Done, at, by).observed.clone_from(observed);
            }
            EventKind::StepFailed { step, reason, .. } => {
                self.settle(step, StepStatus::Failed, at, by).reason = Some(reason.clone());
            }
            EventKind::StepSkipped { step, reason, .. } => {
                self.settle(step, StepStatus::Skipped, at, by).reason = Some(reason.clone());
            }
            EventKind::StepReopened { step, reason, .. } => {
                self.settle(step, StepStatus::Pending, at, by).reason.clone_from(reason);
                self.choices.remove(step);
            }
            #[cfg(not(target_arch = "wasm32"))]
            EventKind::PayloadErased { .. } => self.erasures.extend(Erasure::of(event)),
            other => self.apply_attempt(other, at, by),
        }
    }

    fn apply_attempt(&mut self, kind: &EventKind, at: DateTime<Utc>, by: Option<&Person>) {
        match kind {
            EventKind::AttemptRequested { request } => {
                let attempt = Attempt {
                    instead_of: self.steps.get(&request.step).map(|step| step.status).unwrap_or_default(),
                    request: request.clone(),
                    requested_by: by.cloned(),
                    requested_at: at,
                    approvals: Vec::new(),
                    status: AttemptStatus::AwaitingApproval,
                    dispatched_at: None,
                    cancel_requested: false,
                    held: false,
                    #[cfg(not(target_arch = "wasm32"))]
                    hold: None,
                    result: None,
                    finished_at: None,
                };
                self.attempts.insert(request.attempt, attempt);
                if !request.way.is_dry() {
                    let step = self.settle(&request.step, StepStatus::AwaitingApproval, at, by);
                    step.attempts.push(request.attempt);
                }
            }
            EventKind::ApprovalGranted { attempt, .. } => {
                if let Some(attempt) = self.attempts.get_mut(attempt) {
                    attempt.approvals.push(Approval { by: by.cloned(), at });
                }
            }
            EventKind::AttemptQueued { attempt, step } => {
                self.move_attempt(*attempt, AttemptStatus::Queued);
                self.settle_by(*attempt, step, StepStatus::Queued, at);
            }
            EventKind::AttemptDispatched { attempt, step, .. } => {
                self.move_attempt(*attempt, AttemptStatus::Running);
                if let Some(attempt) = self.attempts.get_mut(attempt) {
                    attempt.dispatched_at = Some(at);
                }
                self.settle_by(*attempt, step, StepStatus::Running, at);
            }
            EventKind::CancelRequested { attempt, .. } => {
                if let Some(attempt) = self.attempts.get_mut(attempt) {
                    attempt.cancel_requested = true;
                }
            }
            EventKind::AttemptHeld { attempt, .. } | EventKind::HoldDecided { attempt, .. } => {
                if let Some(attempt) = self.attempts.get_mut(attempt) {
                    attempt.held = matches!(kind, EventKind::AttemptHeld { .. });
                    // What exactly is held the browser is told by a note of the server.
                    #[cfg(not(target_arch = "wasm32"))]
                    hold(attempt, kind, at, by);
                }
            }
            EventKind::AttemptFinished { attempt, step, result } => self.finish(*attempt, step, result, at),
            #[cfg(not(target_arch = "wasm32"))]
            EventKind::BreakGlassOpened { .. }
            | EventKind::BreakGlassClosed { .. }
            | EventKind::BreakGlassReviewed { .. } => self.apply_break_glass(kind, at, by),
            other => self.apply_postmortem(other, by),
        }
    }

    /// Who runs what without approval is the server's to know: the browser says only that it happened.
    #[cfg(not(target_arch = "wasm32"))]
    fn apply_break_glass(&mut self, kind: &EventKind, at: DateTime<Utc>, by: Option<&Person>) {
        let Some(by) = by.cloned() else { return };
        match kind {
            EventKind::BreakGlassOpened { number, reason, until } => self.break_glass.push(BreakGlass {
                number: *number,
                by,
                reason: reason.clone(),
                opened_at: at,
                until: *until,
                closed_at: None,
                review: None,
            }),
            EventKind::BreakGlassClosed { number } => {
                if let Some(glass) = self.break_glass.iter_mut().find(|glass| glass.number == *number) {
                    glass.closed_at = Some(at);
                }
            }
            EventKind::BreakGlassReviewed { number, text } => {
                if let Some(glass) = self.break_glass.iter_mut().find(|glass| glass.number == *number) {
                    glass.review = Some(BreakGlassReview { by, at, text: text.clone() });
                }
            }
            _ => {}
        }
    }

    fn apply_postmortem(&mut self, kind: &EventKind, by: Option<&Person>) {
        match kind {
            EventKind::SectionWritten { section, text } => {
                self.postmortem.sections.insert(*section, text.clone());
                if let Some(person) = by.filter(|p| !self.postmortem.writers.iter().any(|w| w.id == p.id)) {
                    self.postmortem.writers.push(person.clone());
                }
            }
            EventKind::ActionItemSet { number, text, owner, due, done } => {
                let item = ActionItem {
                    number: *number,
                    text: text.clone(),
                    owner: owner.clone(),
                    due: due.clone(),
                    done: *done,
                };
                let items = &mut self.postmortem.action_items;
                match items.iter_mut().find(|old| old.number == *number) {
                    Some(old) => *old = item,
                    None => items.push(item),
                }
            }
            EventKind::PostmortemMoved { to, .. } => {
                self.postmortem.state = *to;
                match to {
                    PostmortemState::Reviewed => self.postmortem.reviewer = by.cloned(),
                    PostmortemState::Draft | PostmortemState::InReview => self.postmortem.reviewer = None,
                    PostmortemState::Published => {}
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, id: AttemptId, step: &StepId, result: &AttemptResult, at: DateTime<Utc>) {
        self.move_attempt(id, AttemptStatus::Finished);
        if let Some(attempt) = self.attempts.get_mut(&id) {
            attempt.held = false;
            attempt.result = Some(result.clone());
            attempt.finished_at = Some(at);
        }
        // What is left matters to what runs next, which is the server's to say: the browser does not even read it.
        #[cfg(not(target_arch = "wasm32"))]
        self.keep(id, result);
        let status = match result.outcome {
            Outcome::Succeeded => StepStatus::Succeeded,
            Outcome::Failed => StepStatus::Failed,
            Outcome::Cancelled => StepStatus::Cancelled,
            Outcome::TimedOut => StepStatus::TimedOut,
            Outcome::OutcomeUnknown => StepStatus::OutcomeUnknown,
            // Nothing ran: an outcome that nobody knows is not known now either.
            Outcome::Voided => self.attempts.get(&id).map(|attempt| attempt.instead_of).unwrap_or_default(),
        };
        // What was undone is to be done again, and what could not be undone stays done; the browser reads it with the next room.
        #[cfg(not(target_arch = "wasm32"))]
        let status = match result.outcome {
            Outcome::OutcomeUnknown => status,
            Outcome::Succeeded if self.undoes(id) => StepStatus::Pending,
            _ if self.undoes(id) => StepStatus::Succeeded,
            _ => status,
        };
        self.settle_by(id, step, status, at);
    }

    /// Moves a step on with an attempt of it, unless that was a dry run.
    fn settle_by(&mut self, attempt: AttemptId, step: &StepId, status: StepStatus, at: DateTime<Utc>) {
        if self.attempts.get(&attempt).is_none_or(|attempt| !attempt.request.way.is_dry()) {
            self.settle(step, status, at, None);
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn undoes(&self, id: AttemptId) -> bool {
        let hold = self.attempts.get(&id).and_then(|attempt| attempt.request.hold.as_ref());
        hold.is_some_and(|hold| hold.undoes.is_some())
    }

    #[cfg(not(target_arch = "wasm32"))]
    /// Keeps what an attempt left. What it left without a value takes an older one away, which is no longer so.
    fn keep(&mut self, id: AttemptId, result: &AttemptResult) {
        let Some(request) = self.attempts.get(&id).map(|attempt| &attempt.request) else { return };
        let from =
            Origin { attempt: id, step: request.step.clone(), title: request.title.clone(), number: request.number };
        for captured in &result.captured {
            let name = captured.name.clone();
            self.captured.remove(&name);
            self.sealed.remove(&name);
            match (captured.value.clone(), captured.withheld) {
                (Some(value), _) => drop(self.captured.insert(name, CapturedValue { value, from: from.clone() })),
                (None, Some(Withheld::Sealed)) => drop(self.sealed.insert(name, from.clone())),
                (None, _) => {}
            }
        }
        match result.directory.as_deref() {
            None => {}
            Some(".") => drop(self.directories.remove(&request.target)),
            Some(path) => {
                let value = CapturedValue { value: path.to_owned(), from };
                self.directories.insert(request.target.clone(), value);
            }
        }
    }

    fn move_attempt(&mut self, id: AttemptId, status: AttemptStatus) {
        if let Some(attempt) = self.attempts.get_mut(&id) {
            attempt.status = status;
        }
    }

    fn settle(&mut self, step: &StepId, status: StepStatus, at: DateTime<Utc>, by: Option<&Person>) -> &mut StepState {
        let state = self.steps.entry(step.clone()).or_default();
        state.status = status;
        state.at = Some(at);
        if by.is_some() {
            state.by = by.cloned();
        }
        state.reason = None;
        state
    }

    fn join(&mut self, at: DateTime<Utc>, person: Option<&Person>) {
        if let Some(person) = person.filter(|p| !self.responders.iter().any(|(_, r)| r.id == p.id)) {
            self.responders.push((at, person.clone()));
        }
    }
}

//! What waits is taken back once it may not run any more.

use farol_api::event::{AttemptResult, EventKind, FailureCode, Outcome};
use farol_api::graph::ArmRef;
use farol_api::id::AttemptId;
use farol_api::incident::{AttemptStatus, Status, StepStatus};
use farol_api::risk::RiskClass;
use farol_api::target::Environment;
use farol_incident::command::Approver;
use farol_incident::{Command, Refusal};

use crate::case::{Incident, id};

/// An attempt of `run`, which stands in the left branch and needs `manual`: of a write it waits for approval, of a read for a
/// worker.
fn waiting(class: RiskClass) -> (Incident, AttemptId) {
    let mut incident = Incident::declared();
    let run = incident.graph.nodes.iter_mut().find(|node| node.id == id("run")).unwrap();
    run.arm = Some(ArmRef { decision: id("choice"), arm: 0 });
    incident.ask(1, choose(0)).unwrap();
    let attempt = incident.started(class, Environment::Production);
    (incident, attempt)
}

fn choose(arm: usize) -> Command {
    Command::ChooseBranch { step: id("choice"), arm, reason: None }
}

fn reopen(step: &str) -> Command {
    Command::ReopenStep { step: id(step), reason: None }
}

fn to(to: Status) -> Command {
    Command::ChangeStatus { to, reason: Some("it is over".into()) }
}

fn approve(incident: &Incident, attempt: AttemptId) -> Command {
    let digest = incident.state.attempts[&attempt].request.digest.clone();
    Command::Approve { attempt, digest, approver: Approver { may_approve: true, is_editor: false, untold: None } }
}

#[test]
fn what_may_not_run_any_more_is_withdrawn_by_whoever_sees_to_that() {
    let sees_to_it = [choose(1), reopen("choice"), reopen("manual"), to(Status::Resolved), to(Status::Cancelled)];
    for class in [RiskClass::Write, RiskClass::Read] {
        for command in sees_to_it.clone() {
            let (mut incident, attempt) = waiting(class);
            incident.ask(3, command.clone()).unwrap();
            let ended = &incident.state.attempts[&attempt];
            let void = AttemptResult::ended(Outcome::Voided, Some(FailureCode::Withdrawn));
            assert_eq!((ended.status, &ended.result), (AttemptStatus::Finished, &Some(void)), "{command:?}");
            assert_eq!(incident.status("run"), StepStatus::Pending, "{command:?}");
            let late = approve(&incident, attempt);
            assert!(incident.ask(2, late).is_err(), "{command:?}");
        }
    }
}

#[test]
fn what_may_run_as_before_goes_on_waiting() {
    for command in [choose(0), to(Status::Mitigating), Command::SkipStep { step: id("left"), reason: "no".into() }] {
        let (mut incident, attempt) = waiting(RiskClass::Write);
        incident.ask(3, command.clone()).unwrap();
        let approval = approve(&incident, attempt);
        assert_eq!(incident.ask(2, approval), Ok(2), "{command:?}");
    }
}

#[test]
fn what_runs_already_is_not_taken_back() {
    for command in [choose(1), to(Status::Resolved)] {
        let (mut incident, attempt) = waiting(RiskClass::Read);
        let (worker, step) = ("w".to_owned(), id("run"));
        incident.record(1, EventKind::AttemptDispatched { attempt, step, worker, fencing_token: 1 });
        incident.ask(3, command).unwrap();
        assert_eq!(incident.state.attempts[&attempt].status, AttemptStatus::Running);
    }
}

/// A step that theirs needs can come undone without anybody's word: it ran again, and failed.
#[test]
fn neither_approval_nor_a_broken_glass_lets_run_what_may_not() {
    let (mut incident, attempt) = waiting(RiskClass::Write);
    let reason = "it came back".to_owned();
    incident.record(1, EventKind::StepFailed { step: id("manual"), title: "manual".into(), reason });
    let approval = approve(&incident, attempt);
    assert_eq!(incident.ask(2, approval), Err(Refusal::NeedsUnmet));
    incident.ask(1, Command::OpenBreakGlass { reason: "alone".into(), minutes: 5 }).unwrap();
    assert_eq!(incident.status("run"), StepStatus::AwaitingApproval);
}

/// All workers may be busy: who withdraws an attempt need not wait for one of them.
#[test]
fn what_waits_for_a_worker_is_withdrawn_at_once() {
    let (mut incident, attempt) = waiting(RiskClass::Read);
    assert_eq!(incident.ask(3, Command::Cancel { attempt }), Ok(2));
    assert_eq!(incident.status("run"), StepStatus::Pending);
}

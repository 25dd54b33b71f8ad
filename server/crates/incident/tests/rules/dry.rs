//! Asking what a step would do: it needs nobody, changes nothing of its step, and cannot be more than a look.

use farol_api::approval::Way;
use farol_api::event::{AttemptResult, EventKind, Outcome};
use farol_api::incident::StepStatus;
use farol_api::request::DeviationKind;
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, Environment};
use farol_incident::command::StartAttempt;
use farol_incident::{Command, Refusal};

use crate::case::{Incident, id};

/// A dry run of `run`, which only reads whatever the step does.
fn look(incident: &Incident, number: u32) -> StartAttempt {
    let mut start = incident.start(RiskClass::Read, Environment::Production);
    start.spec.attempt = farol_api::id::AttemptId(uuid::Uuid::from_u128(100 + u128::from(number)));
    start.spec.number = number;
    start.request.attempt = start.spec.attempt;
    start.request.number = number;
    start.request.way = Way::Rows;
    start.seen = start.spec.digest();
    start.request.digest = start.spec.digest();
    start
}

fn asked(incident: &mut Incident, start: StartAttempt) -> Result<usize, Refusal> {
    incident.ask(1, Command::StartAttempt(Box::new(start)))
}

fn answered(incident: &mut Incident, number: u32, outcome: Outcome) {
    let attempt = farol_api::id::AttemptId(uuid::Uuid::from_u128(100 + u128::from(number)));
    incident.record(1, EventKind::AttemptDispatched { attempt, step: id("run"), worker: "w".into(), fencing_token: 1 });
    let result = AttemptResult::ended(outcome, None);
    incident.record(1, EventKind::AttemptFinished { attempt, step: id("run"), result });
}

#[test]
fn a_dry_run_leaves_its_step_where_it_stands() {
    let mut incident = Incident::declared();
    // What the step needs is not done yet, and does not have to be.
    let start = look(&incident, 1);
    assert_eq!(asked(&mut incident, start), Ok(2), "asked for, and queued");
    assert_eq!(incident.status("run"), StepStatus::Pending);
    answered(&mut incident, 1, Outcome::OutcomeUnknown);
    assert_eq!(incident.status("run"), StepStatus::Pending);
    assert!(incident.state.steps.get(&id("run")).is_none_or(|step| step.attempts.is_empty()));

    let attempt = incident.started(RiskClass::Write, Environment::Production);
    assert_eq!(incident.state.attempts[&attempt].request.number, 1, "the first of the step itself");
    let start = look(&incident, 2);
    assert_eq!(asked(&mut incident, start), Ok(2), "also while it waits for approval");
    answered(&mut incident, 2, Outcome::Failed);
    assert_eq!(incident.status("run"), StepStatus::AwaitingApproval);
}

#[test]
fn one_at_a_time_counted_by_themselves_and_only_to_read() {
    let mut incident = Incident::declared();
    let start = look(&incident, 2);
    assert_eq!(asked(&mut incident, start), Err(Refusal::Changed), "it is the first");
    let start = look(&incident, 1);
    assert_eq!(asked(&mut incident, start), Ok(2));
    let start = look(&incident, 2);
    assert_eq!(asked(&mut incident, start), Err(Refusal::StepActive));
    answered(&mut incident, 1, Outcome::Succeeded);
    let start = look(&incident, 2);
    assert_eq!(asked(&mut incident, start), Ok(2));
    answered(&mut incident, 2, Outcome::Succeeded);

    type More = fn(&mut StartAttempt);
    let more: [More; 3] = [
        |start| start.spec.class = RiskClass::Write,
        |start| start.spec.role = CredentialRole::ReadWrite,
        |start| start.spec.language = farol_api::graph::CommandLanguage::Shell,
    ];
    for (index, more) in more.into_iter().enumerate() {
        let mut start = look(&incident, 3);
        more(&mut start);
        start.seen = start.spec.digest();
        start.request.digest = start.spec.digest();
        assert_eq!(asked(&mut incident, start), Err(Refusal::ClassRefused), "more {index}");
    }
}

#[test]
fn a_dry_run_is_no_deviation() {
    let mut incident = Incident::declared();
    for number in 1..=3 {
        let start = look(&incident, number);
        asked(&mut incident, start).unwrap();
        answered(&mut incident, number, Outcome::Succeeded);
    }
    incident.ask(1, Command::FinishStep { step: id("manual"), observed: None }).unwrap();
    let found = farol_incident::deviations(&incident.graph, &incident.state, &incident.events);
    let of_run: Vec<_> = found.iter().filter(|found| found.step == id("run")).map(|found| found.kind).collect();
    assert_eq!(of_run, [DeviationKind::NotReached]);
    assert!(!found.iter().any(|found| found.kind == DeviationKind::OutOfOrder), "{found:?}");
}

//! What a broken glass waives, and when it ends.

use chrono::Duration;
use farol_api::incident::StepStatus;
use farol_api::risk::RiskClass;
use farol_api::target::Environment;
use farol_incident::command::StartAttempt;
use farol_incident::{Command, Refusal};

use crate::case::{Incident, id};

fn broken(incident: &mut Incident, minutes: u32) -> Result<usize, Refusal> {
    incident.ask(1, Command::OpenBreakGlass { reason: "nobody else is awake".into(), minutes })
}

#[test]
fn a_broken_glass_waives_the_approval_of_its_own_person_until_it_ends() {
    let asked = |by: u128, may_waive: bool, minutes_later: i64, closed: bool| {
        let mut incident = Incident::declared();
        incident.ask(1, Command::FinishStep { step: id("manual"), observed: None }).unwrap();
        broken(&mut incident, 10).unwrap();
        if closed {
            incident.ask(3, Command::CloseBreakGlass { number: 1 }).unwrap();
        }
        incident.at += Duration::minutes(minutes_later);
        let start = StartAttempt { may_waive, ..incident.start(RiskClass::Write, Environment::Production) };
        incident.ask(by, Command::StartAttempt(Box::new(start))).unwrap();
        incident.status("run")
    };
    assert_eq!(asked(1, true, 9, false), StepStatus::Queued);
    assert_eq!(asked(2, true, 0, false), StepStatus::AwaitingApproval, "it is another's");
    assert_eq!(asked(1, false, 0, false), StepStatus::AwaitingApproval, "a program, or one who may no longer");
    assert_eq!(asked(1, true, 10, false), StepStatus::AwaitingApproval, "its time is over");
    assert_eq!(asked(1, true, 0, true), StepStatus::AwaitingApproval, "it was closed");
}

#[test]
fn a_broken_glass_is_short_has_a_reason_and_queues_what_its_person_asked_for() {
    let mut incident = Incident::declared();
    let attempt = incident.started(RiskClass::Write, Environment::Production);
    assert_eq!(broken(&mut incident, 31), Err(Refusal::BreakGlassMinutes));
    assert_eq!(broken(&mut incident, 0), Err(Refusal::BreakGlassMinutes));
    let silent = Command::OpenBreakGlass { reason: " ".into(), minutes: 5 };
    assert_eq!(incident.ask(1, silent), Err(Refusal::ReasonNeeded));
    assert_eq!(broken(&mut incident, 30), Ok(2), "opened, and queued");
    assert_eq!(incident.state.attempts[&attempt].status, farol_api::incident::AttemptStatus::Queued);
    assert_eq!(broken(&mut incident, 5), Err(Refusal::BreakGlassOpen));

    let review = || Command::ReviewBreakGlass { number: 1, text: "right".into() };
    assert_eq!(incident.ask(2, review()), Err(Refusal::BreakGlassNotOver));
    incident.at += Duration::minutes(31);
    assert_eq!(incident.ask(1, review()), Err(Refusal::BreakGlassOwn));
    assert_eq!(incident.ask(2, review()), Ok(1));
    assert_eq!(incident.ask(3, review()), Err(Refusal::BreakGlassReviewed));
    let none = Command::CloseBreakGlass { number: 2 };
    assert_eq!(incident.ask(1, none), Err(Refusal::UnknownBreakGlass));
}

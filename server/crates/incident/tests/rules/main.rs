//! The rules, asked without a server.

mod break_glass;
mod case;
mod dry;
mod erase;
mod withdrawn;

use chrono::Duration;
use farol_api::approval::ApprovalBar;
use farol_api::event::{AttemptResult, EventKind, Outcome};
use farol_api::incident::{IncidentState, Milestone, PostmortemState, Status, StepStatus};
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, Environment};
use farol_incident::command::{Approver, StartAttempt};
use farol_incident::{Asked, Command, Refusal};

use case::{Incident, id, now, person};

const APPROVER: Approver = Approver { may_approve: true, is_editor: false, untold: None };

#[test]
fn a_step_that_needs_another_waits_for_it() {
    let mut incident = Incident::declared();
    let start = incident.start(RiskClass::Read, Environment::Production);
    assert_eq!(incident.ask(1, Command::StartAttempt(Box::new(start))), Err(Refusal::NeedsUnmet));
    incident.started(RiskClass::Read, Environment::Production);
    assert_eq!(incident.status("run"), StepStatus::Queued);
}

#[test]
fn each_class_takes_what_the_table_says() {
    use Environment::{Production, Sandbox};
    let cases = [
        (RiskClass::Read, Production, Ok(StepStatus::Queued)),
        (RiskClass::SideEffect, Production, Ok(StepStatus::Queued)),
        (RiskClass::Write, Production, Ok(StepStatus::AwaitingApproval)),
        (RiskClass::Schema, Production, Ok(StepStatus::AwaitingApproval)),
        (RiskClass::Destructive, Production, Ok(StepStatus::AwaitingApproval)),
        (RiskClass::Administration, Production, Ok(StepStatus::AwaitingApproval)),
        (RiskClass::Unknown, Production, Ok(StepStatus::AwaitingApproval)),
        (RiskClass::Session, Production, Err(Refusal::ClassRefused)),
        (RiskClass::Destructive, Sandbox, Ok(StepStatus::Queued)),
        (RiskClass::Session, Sandbox, Err(Refusal::ClassRefused)),
    ];
    for (class, environment, expected) in cases {
        let mut incident = Incident::declared();
        incident.ask(1, Command::FinishStep { step: id("manual"), observed: None }).unwrap();
        let start = incident.start(class, environment);
        let asked = incident.ask(1, Command::StartAttempt(Box::new(start)));
        assert_eq!(asked.map(|_| incident.status("run")), expected, "{class:?} {environment:?}");
    }
}

#[test]
fn what_the_requester_must_do_is_not_left_out() {
    type LeaveOut = fn(&mut StartAttempt);
    let cases: [(RiskClass, LeaveOut, Refusal); 5] = [
        (RiskClass::SideEffect, |s| s.confirmed = false, Refusal::NotConfirmed),
        (RiskClass::Write, |s| s.confirmed = false, Refusal::NotConfirmed),
        (RiskClass::Destructive, |s| s.typed_target = Some("shopp".into()), Refusal::TargetNotTyped),
        (RiskClass::Unknown, |s| s.typed_target = None, Refusal::TargetNotTyped),
        (RiskClass::Unknown, |s| s.request.reason = Some("  ".into()), Refusal::ReasonNeeded),
    ];
    for (class, leave_out, refusal) in cases {
        let mut incident = Incident::declared();
        incident.ask(1, Command::FinishStep { step: id("manual"), observed: None }).unwrap();
        let mut start = incident.start(class, Environment::Production);
        leave_out(&mut start);
        assert_eq!(incident.ask(1, Command::StartAttempt(Box::new(start))), Err(refusal), "{class:?}");
    }
}

#[test]
fn what_was_not_seen_does_not_run() {
    let drifts: [fn(&mut StartAttempt); 4] = [
        |s| s.spec.text.push(' '),
        |s| s.request.digest = "0".repeat(64).parse().unwrap(),
        |s| s.spec.number += 1,
        |s| s.spec.role = CredentialRole::Admin,
    ];
    for (index, drift) in drifts.iter().enumerate() {
        let mut incident = Incident::declared();
        incident.ask(1, Command::FinishStep { step: id("manual"), observed: None }).unwrap();
        let mut start = incident.start(RiskClass::Read, Environment::Production);
        drift(&mut start);
        let asked = incident.ask(1, Command::StartAttempt(Box::new(start)));
        assert_eq!(asked, Err(Refusal::Changed), "drift {index}");
    }
}

#[test]
fn an_approval_is_somebody_elses_of_exactly_this_and_in_time() {
    let mut incident = Incident::declared();
    let attempt = incident.started(RiskClass::Write, Environment::Production);
    let digest = incident.state.attempts[&attempt].request.digest.clone();
    let approve =
        |digest: &farol_api::digest::Digest, approver| Command::Approve { attempt, digest: digest.clone(), approver };
    let barred = |bar| Err(Refusal::Barred(bar));
    let viewer = Approver { may_approve: false, is_editor: false, untold: None };
    let editor = Approver { may_approve: true, is_editor: true, untold: None };
    assert_eq!(incident.ask(1, approve(&digest, APPROVER)), barred(ApprovalBar::Requester));
    assert_eq!(incident.ask(2, approve(&digest, viewer)), barred(ApprovalBar::Role));
    assert_eq!(incident.ask(2, approve(&digest, editor)), barred(ApprovalBar::Editor));
    let other = "0".repeat(64).parse().unwrap();
    assert_eq!(incident.ask(2, approve(&other, APPROVER)), Err(Refusal::Changed));
    assert_eq!(incident.status("run"), StepStatus::AwaitingApproval);
    assert_eq!(incident.ask(2, approve(&digest, APPROVER)), Ok(2));
    assert_eq!(incident.status("run"), StepStatus::Queued);
    assert_eq!(incident.ask(3, approve(&digest, APPROVER)), Err(Refusal::NotAwaiting));

    let mut late = Incident::declared();
    late.started(RiskClass::Write, Environment::Production);
    late.at += Duration::minutes(31);
    assert_eq!(late.ask(2, approve(&digest, APPROVER)), Err(Refusal::Expired));
}

fn marked(incident: &mut Incident, key: &str, value: &str) {
    let node = incident.graph.nodes.iter_mut().find(|node| node.id == id("run")).unwrap();
    node.attributes.raw.insert(key.into(), value.into());
}

/// Prepares the step as the server does: with what its author asks for now.
fn asked(incident: &Incident, reason: Option<&str>) -> Command {
    let mut start = incident.start(RiskClass::Read, Environment::Sandbox);
    start.spec.asked = Asked::of(&incident.state, incident.graph.node(&id("run")).unwrap());
    start.request.reason = reason.map(str::to_owned);
    start.seen = start.spec.digest();
    start.request.digest = start.spec.digest();
    Command::StartAttempt(Box::new(start))
}

#[test]
fn an_author_who_wants_another_person_gets_one_on_a_sandbox_too() {
    let mut incident = Incident::declared();
    incident.ask(1, Command::FinishStep { step: id("manual"), observed: None }).unwrap();
    marked(&mut incident, "approval", "required");
    let unasked = Command::StartAttempt(Box::new(incident.start(RiskClass::Read, Environment::Sandbox)));
    assert_eq!(incident.ask(1, unasked), Err(Refusal::Changed), "a specification that leaves the wish out");
    let command = asked(&incident, None);
    incident.ask(1, command).unwrap();
    assert_eq!(incident.status("run"), StepStatus::AwaitingApproval);
}

#[test]
fn after_the_tries_that_its_author_allows_a_further_one_takes_a_reason() {
    let mut incident = Incident::declared();
    incident.ask(1, Command::FinishStep { step: id("manual"), observed: None }).unwrap();
    marked(&mut incident, "retries", "1");
    // A stopped one is no failure.
    for outcome in [Outcome::Failed, Outcome::Cancelled, Outcome::TimedOut] {
        let command = asked(&incident, None);
        incident.ask(1, command).unwrap();
        let attempt = *incident.state.steps[&id("run")].attempts.last().unwrap();
        let result = AttemptResult::ended(outcome, None);
        incident.record(1, EventKind::AttemptFinished { attempt, step: id("run"), result });
    }
    let command = asked(&incident, Some(" "));
    assert_eq!(incident.ask(1, command), Err(Refusal::ReasonNeeded));
    let command = asked(&incident, Some("the disk was full"));
    assert!(incident.ask(1, command).is_ok());
}

#[test]
fn a_step_under_way_is_not_started_or_settled_again() {
    let mut incident = Incident::declared();
    incident.started(RiskClass::Read, Environment::Production);
    let again = incident.start(RiskClass::Read, Environment::Production);
    assert_eq!(incident.ask(2, Command::StartAttempt(Box::new(again))), Err(Refusal::StepActive));
    let skip = Command::SkipStep { step: id("run"), reason: "no".into() };
    assert_eq!(incident.ask(2, skip), Err(Refusal::StepActive));
}

#[test]
fn an_unknown_outcome_is_tried_again_by_a_person_only() {
    let mut incident = Incident::declared();
    let attempt = incident.started(RiskClass::Read, Environment::Production);
    let result = AttemptResult::ended(Outcome::OutcomeUnknown, None);
    incident.record(1, EventKind::AttemptFinished { attempt, step: id("run"), result });
    assert_eq!(incident.status("run"), StepStatus::OutcomeUnknown);
    let again = incident.start(RiskClass::Read, Environment::Production);
    assert_eq!(again.spec.number, 2);
    assert!(incident.ask(2, Command::StartAttempt(Box::new(again))).is_ok());
}

#[test]
fn a_step_stands_where_it_stood_where_another_try_is_never_sent() {
    let ended = |attempt, outcome| EventKind::AttemptFinished {
        attempt,
        step: id("run"),
        result: AttemptResult::ended(outcome, None),
    };
    for (outcome, status) in [
        (None, StepStatus::Pending),
        (Some(Outcome::OutcomeUnknown), StepStatus::OutcomeUnknown),
        (Some(Outcome::Failed), StepStatus::Failed),
    ] {
        let mut incident = Incident::declared();
        match outcome {
            Some(outcome) => {
                let attempt = incident.started(RiskClass::Read, Environment::Production);
                incident.record(1, ended(attempt, outcome));
            }
            None => drop(incident.ask(1, Command::FinishStep { step: id("manual"), observed: None }).unwrap()),
        }
        for _ in 0..2 {
            let again = incident.start(RiskClass::Write, Environment::Production);
            let attempt = again.spec.attempt;
            incident.ask(2, Command::StartAttempt(Box::new(again))).unwrap();
            assert_eq!(incident.status("run"), StepStatus::AwaitingApproval);
            incident.record(2, ended(attempt, Outcome::Voided));
            assert_eq!(incident.status("run"), status);
        }
    }
}

#[test]
fn a_branch_is_walked_after_it_was_chosen_and_another_may_be_chosen_later() {
    let mut incident = Incident::declared();
    let done = |step: &str| Command::FinishStep { step: id(step), observed: None };
    let choose = |arm| Command::ChooseBranch { step: id("choice"), arm, reason: None };
    assert_eq!(incident.ask(1, done("left")), Err(Refusal::OffPath));
    assert_eq!(incident.ask(1, choose(2)), Err(Refusal::UnknownArm));
    incident.ask(1, choose(0)).unwrap();
    assert_eq!(incident.ask(1, choose(0)), Ok(0), "choosing it again changes nothing");
    incident.ask(1, done("left")).unwrap();
    assert_eq!(incident.ask(1, done("right")), Err(Refusal::OffPath));
    incident.ask(1, choose(1)).unwrap();
    incident.ask(1, done("right")).unwrap();
}

#[test]
fn what_must_not_be_done_cannot_be_done() {
    let mut incident = Incident::declared();
    let done = Command::FinishStep { step: id("never"), observed: None };
    assert_eq!(incident.ask(1, done), Err(Refusal::WrongKind));
}

#[test]
fn an_incident_that_is_over_changes_no_steps_until_it_is_reopened() {
    let mut incident = Incident::declared();
    let to = |to| Command::ChangeStatus { to, reason: None };
    let done = || Command::FinishStep { step: id("manual"), observed: None };
    assert_eq!(incident.ask(1, to(Status::Closed)), Err(Refusal::StatusNotReachable));
    assert_eq!(incident.ask(1, to(Status::Cancelled)), Err(Refusal::ReasonNeeded));
    incident.ask(1, to(Status::Resolved)).unwrap();
    assert!(incident.state.milestones.contains_key(&Milestone::Resolved));
    assert_eq!(incident.ask(1, done()), Err(Refusal::IncidentOver));
    incident.ask(1, to(Status::Investigating)).unwrap();
    assert_eq!(incident.ask(1, done()), Ok(1));
}

#[test]
fn the_first_acknowledgement_counts_and_a_resolve_is_none() {
    let mut incident = Incident::declared();
    incident.ask(1, Command::ChangeStatus { to: Status::Resolved, reason: None }).unwrap();
    assert!(!incident.state.milestones.contains_key(&Milestone::Acknowledged));
    let mut incident = Incident::declared();
    incident.ask(2, Command::RecordMilestone { milestone: Milestone::Acknowledged, at: None }).unwrap();
    let first = incident.state.milestones[&Milestone::Acknowledged];
    assert_eq!(incident.state.status, Status::Investigating);
    incident.ask(2, Command::ChangeStatus { to: Status::Mitigating, reason: None }).unwrap();
    assert_eq!(incident.state.milestones[&Milestone::Acknowledged], first);
}

#[test]
fn times_by_hand_are_past_and_only_of_what_people_know() {
    let mut incident = Incident::declared();
    let at = |milestone, at| Command::RecordMilestone { milestone, at: Some(at) };
    assert_eq!(incident.ask(1, at(Milestone::Detected, now() + Duration::hours(1))), Err(Refusal::InFuture));
    assert_eq!(incident.ask(1, at(Milestone::Resolved, now())), Err(Refusal::MilestoneNotByHand));
    assert!(incident.ask(1, at(Milestone::ImpactStarted, now() - Duration::hours(1))).is_ok());
}

#[test]
fn a_writer_does_not_review_and_a_published_post_mortem_closes_the_incident() {
    use farol_api::incident::PostmortemSection::Summary;
    let mut incident = Incident::declared();
    let write = |text: &str| Command::WriteSection { section: Summary, text: text.into() };
    let to = |to| Command::MovePostmortem { to };
    assert_eq!(incident.ask(1, write("early")), Err(Refusal::NotResolved));
    incident.ask(1, Command::ChangeStatus { to: Status::Resolved, reason: None }).unwrap();
    incident.ask(1, write("it was down")).unwrap();
    assert_eq!(incident.ask(1, to(PostmortemState::Published)), Err(Refusal::PostmortemNotReachable));
    incident.ask(1, to(PostmortemState::InReview)).unwrap();
    assert_eq!(incident.ask(1, to(PostmortemState::Reviewed)), Err(Refusal::ReviewerIsWriter));
    incident.ask(2, to(PostmortemState::Reviewed)).unwrap();
    assert_eq!(incident.state.postmortem.reviewer, Some(person(2)));
    assert_eq!(incident.ask(1, write("another word")), Err(Refusal::PostmortemClosed));
    incident.ask(1, to(PostmortemState::Published)).unwrap();
    assert_eq!(incident.state.status, Status::Closed);
}

#[test]
fn folding_one_by_one_and_all_at_once_come_to_the_same() {
    let mut incident = Incident::declared();
    incident.started(RiskClass::Write, Environment::Production);
    incident.ask(2, Command::Note { text: "note".into(), step: None }).unwrap();
    assert_eq!(IncidentState::fold(&incident.events), Some(incident.state.clone()));
    let mut twice = incident.state.clone();
    incident.events.iter().for_each(|event| twice.apply(event));
    assert_eq!(twice, incident.state, "an event that was folded already changes nothing");
}

#[test]
fn deviations_name_what_was_skipped_missed_and_done_out_of_order() {
    use farol_api::request::DeviationKind::{NotReached, OutOfOrder, Skipped};
    let mut incident = Incident::declared();
    incident.ask(1, Command::ChooseBranch { step: id("choice"), arm: 0, reason: None }).unwrap();
    incident.ask(1, Command::SkipStep { step: id("manual"), reason: "known".into() }).unwrap();
    let found = farol_incident::deviations(&incident.graph, &incident.state, &incident.events);
    let kinds: Vec<_> = found.iter().map(|d| (d.kind, d.step.as_str())).collect();
    assert_eq!(kinds, [(Skipped, "manual"), (OutOfOrder, "manual"), (NotReached, "run"), (NotReached, "left")],);
}

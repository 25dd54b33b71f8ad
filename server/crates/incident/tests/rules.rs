//! The rules, asked without a server.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use farol_api::approval::{ApprovalBar, AttemptRequest, Way};
use farol_api::event::{Actor, AttemptResult, Event, EventKind, Outcome};
use farol_api::graph::{
    Arm, ArmRef, Command as Text, CommandLanguage, Edge, EdgeKind, Node, NodeKind, OwnAttributes, StepGraph,
};
use farol_api::id::{AttemptId, IncidentId, StepId, UserId};
use farol_api::incident::{IncidentState, Milestone, PostmortemState, Severity, Status, StepStatus};
use farol_api::policy::requirement;
use farol_api::risk::{RiskClass, RiskVerdict};
use farol_api::target::{CredentialRole, Environment};
use farol_api::text::{Localized, Span};
use farol_api::user::Person;
use farol_incident::command::{Approver, StartAttempt};
use farol_incident::spec::AttemptSpec;
use farol_incident::{Asked, Case, Command, Refusal, decide};
use uuid::Uuid;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_800_000_000_000_000).unwrap()
}

fn person(n: u128) -> Person {
    Person { id: UserId(Uuid::from_u128(n)), name: format!("Person {n}") }
}

fn id(text: &str) -> StepId {
    text.parse().unwrap()
}

fn node(name: &str, kind: NodeKind) -> Node {
    let language = if kind == NodeKind::Sql { CommandLanguage::Sql } else { CommandLanguage::Shell };
    let text = Text { language, text: "select 1".into(), placeholders: Vec::new(), span: Span::new(0, 0), line: 1 };
    Node {
        id: id(name),
        kind,
        title: name.to_owned(),
        section: Vec::new().into(),
        phase: None,
        guard: None,
        text: String::new(),
        command: kind.is_executable().then(|| text.into()),
        expected: None,
        arm: None,
        arms: Vec::new(),
        goto: None,
        after_minutes: None,
        attributes: OwnAttributes::default(),
        risk: None,
        span: Span::new(0, 0),
        line: 1,
    }
}

/// manual → run, then a decision with arms `left` and `right`; `run` needs `manual`.
fn graph() -> StepGraph {
    let mut choice = node("choice", NodeKind::Decision);
    let arm = |label: &str, first: &str| Arm { label: label.into(), guard: None, first: Some(id(first)) };
    choice.arms = vec![arm("Left", "left"), arm("Right", "right")];
    let mut left = node("left", NodeKind::Manual);
    left.arm = Some(ArmRef { decision: id("choice"), arm: 0 });
    let mut right = node("right", NodeKind::Manual);
    right.arm = Some(ArmRef { decision: id("choice"), arm: 1 });
    let needs = Edge { from: id("manual"), to: id("run"), kind: EdgeKind::Needs };
    let nodes = vec![
        node("manual", NodeKind::Manual),
        node("run", NodeKind::Sql),
        choice,
        left,
        right,
        node("never", NodeKind::Prohibition),
    ];
    StepGraph { start: Some(id("manual")), nodes, edges: vec![needs] }
}

/// An incident that keeps its own record, as the store does.
struct Incident {
    graph: StepGraph,
    state: IncidentState,
    events: Vec<Event>,
    at: DateTime<Utc>,
}

impl Incident {
    fn declared() -> Self {
        let kind = EventKind::Declared {
            title: "Down".into(),
            severity: Severity::Sev2,
            drill: false,
            runbook: None,
            target: None,
            rto_seconds: Some(3600),
            rpo_seconds: None,
        };
        let event = Self::event(1, 1, kind, now());
        Self { graph: graph(), state: IncidentState::begin(&event).unwrap(), events: vec![event], at: now() }
    }

    fn event(seq: i64, by: u128, kind: EventKind, at: DateTime<Utc>) -> Event {
        Event {
            incident_id: IncidentId(1),
            seq,
            occurred_at: at,
            recorded_at: at,
            actor: Actor::Person(person(by)),
            kind,
        }
    }

    fn record(&mut self, by: u128, kind: EventKind) {
        let event = Self::event(self.state.last_seq + 1, by, kind, self.at);
        self.state.apply(&event);
        self.events.push(event);
    }

    fn ask(&mut self, by: u128, command: Command) -> Result<usize, Refusal> {
        self.at += Duration::seconds(1);
        let actor = person(by);
        let parameters = ["pid".to_owned()];
        let case =
            Case { state: &self.state, graph: &self.graph, parameters: &parameters, actor: &actor, now: self.at };
        let decision = decide(&case, command)?;
        let count = decision.events.len();
        for draft in decision.events {
            self.record(by, draft.kind);
        }
        Ok(count)
    }

    fn status(&self, step: &str) -> StepStatus {
        self.state.steps.get(&id(step)).map(|s| s.status).unwrap_or_default()
    }

    fn start(&self, class: RiskClass, environment: Environment) -> StartAttempt {
        let taken = requirement(class, environment);
        let number = self.state.steps.get(&id("run")).map_or(0, |s| s.attempts.len()) + 1;
        let spec = AttemptSpec {
            attempt: AttemptId(Uuid::from_u128(number as u128)),
            incident: IncidentId(1),
            step: id("run"),
            number: number as u32,
            language: CommandLanguage::Sql,
            text: "update t set a = 1 where id = 1".into(),
            binds: Vec::new(),
            env: BTreeMap::new(),
            secrets: Vec::new(),
            target: "shop".parse().unwrap(),
            target_version: 1,
            role: taken.map_or(CredentialRole::Admin, |t| t.credential),
            class,
            classifier_version: "1".into(),
            timeout_seconds: 60,
            expires_at: self.at + Duration::minutes(30),
            asked: Asked::default(),
        };
        let request = AttemptRequest {
            attempt: spec.attempt,
            step: spec.step.clone(),
            title: "run".into(),
            number: spec.number,
            language: spec.language,
            text: spec.text.clone(),
            parameters: BTreeMap::new(),
            target: spec.target.clone(),
            environment,
            risk: RiskVerdict { class, why: Localized::new("", ""), span: None },
            requirement: taken.unwrap_or(requirement(RiskClass::Read, environment).unwrap()),
            reason: Some("because".into()),
            origins: BTreeMap::new(),
            way: Way::Written,
            needs_reason: false,
            expected: None,
            hold: None,
            timeout_seconds: 60,
            expires_at: spec.expires_at,
            digest: spec.digest(),
        };
        StartAttempt {
            seen: spec.digest(),
            spec,
            request,
            typed_target: Some("shop".into()),
            confirmed: true,
            may_waive: true,
        }
    }

    fn started(&mut self, class: RiskClass, environment: Environment) -> AttemptId {
        self.ask(1, Command::FinishStep { step: id("manual"), observed: None }).unwrap();
        let start = self.start(class, environment);
        let attempt = start.spec.attempt;
        self.ask(1, Command::StartAttempt(Box::new(start))).unwrap();
        attempt
    }
}

const APPROVER: Approver = Approver { may_approve: true, is_editor: false };

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
    let viewer = Approver { may_approve: false, is_editor: false };
    let editor = Approver { may_approve: true, is_editor: true };
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

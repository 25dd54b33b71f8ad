//! An incident that keeps its own record, and whom one asks about it.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use farol_api::approval::{AttemptRequest, Way};
use farol_api::event::{Actor, Event, EventKind};
use farol_api::graph::{
    Arm, ArmRef, Command as Text, CommandLanguage, Edge, EdgeKind, Node, NodeKind, OwnAttributes, StepGraph,
};
use farol_api::id::{AttemptId, IncidentId, StepId, UserId};
use farol_api::incident::{IncidentState, Severity, StepStatus};
use farol_api::policy::requirement;
use farol_api::risk::{RiskClass, RiskVerdict};
use farol_api::target::{CredentialRole, Environment};
use farol_api::text::{Localized, Span};
use farol_api::user::Person;
use farol_incident::command::StartAttempt;
use farol_incident::spec::AttemptSpec;
use farol_incident::{Asked, Case, Command, Refusal, decide};
use uuid::Uuid;

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_800_000_000_000_000).unwrap()
}

pub fn person(n: u128) -> Person {
    Person { id: UserId(Uuid::from_u128(n)), name: format!("Person {n}") }
}

pub fn id(text: &str) -> StepId {
    text.parse().unwrap()
}

pub fn node(name: &str, kind: NodeKind) -> Node {
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
pub fn graph() -> StepGraph {
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
pub struct Incident {
    pub graph: StepGraph,
    pub state: IncidentState,
    pub events: Vec<Event>,
    pub at: DateTime<Utc>,
}

impl Incident {
    pub fn declared() -> Self {
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

    pub fn event(seq: i64, by: u128, kind: EventKind, at: DateTime<Utc>) -> Event {
        Event {
            incident_id: IncidentId(1),
            seq,
            occurred_at: at,
            recorded_at: at,
            actor: Actor::Person(person(by)),
            kind,
        }
    }

    pub fn record(&mut self, by: u128, kind: EventKind) {
        let event = Self::event(self.state.last_seq + 1, by, kind, self.at);
        self.state.apply(&event);
        self.events.push(event);
    }

    pub fn ask(&mut self, by: u128, command: Command) -> Result<usize, Refusal> {
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

    pub fn status(&self, step: &str) -> StepStatus {
        self.state.steps.get(&id(step)).map(|s| s.status).unwrap_or_default()
    }

    pub fn start(&self, class: RiskClass, environment: Environment) -> StartAttempt {
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
            literals: Vec::new(),
            secrets: Vec::new(),
            versions: BTreeMap::new(),
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

    pub fn started(&mut self, class: RiskClass, environment: Environment) -> AttemptId {
        self.ask(1, Command::FinishStep { step: id("manual"), observed: None }).unwrap();
        let start = self.start(class, environment);
        let attempt = start.spec.attempt;
        self.ask(1, Command::StartAttempt(Box::new(start))).unwrap();
        attempt
    }
}

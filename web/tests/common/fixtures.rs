//! An incident halfway through a runbook, and all that surrounds it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use farol_api::approval::{AttemptRequest, Way};
use farol_api::digest::Digest;
use farol_api::event::{Actor, AttemptResult, Event, EventKind, Outcome, RunbookRef};
use farol_api::graph::{
    Arm, ArmRef, Command, CommandLanguage, Node, NodeKind, OwnAttributes, Phase, PlaceholderUse, StepGraph,
};
use farol_api::id::{AttemptId, IncidentId, SessionId, StepId, UserId};
use farol_api::incident::{IncidentRole, IncidentState, Milestone, Severity, Status};
use farol_api::output::{Column, OutputChunk, OutputContent};
use farol_api::policy::requirement;
use farol_api::request::Me;
use farol_api::risk::{RiskClass, RiskVerdict};
use farol_api::room::{BlockedReason, Gate, NoteTopic, RoomView, StepNote};
use farol_api::runbook::{Parameter, ParameterKind};
use farol_api::target::{CredentialRole, DatabaseKind, Environment, LeastApprovals, ShellSettings, Target};
use farol_api::text::{Localized, Span};
use farol_api::user::{Person, Role, Session, User};

pub const BEGAN: i64 = 1_795_229_760;

pub fn at(minutes: i64, seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(BEGAN, 0).expect("a time") + TimeDelta::seconds(minutes * 60 + seconds)
}

pub fn uuid(number: u8) -> uuid::Uuid {
    uuid::Uuid::from_bytes([number; 16])
}

pub fn digest(number: u8) -> Digest {
    Digest::from_bytes([number; 32])
}

pub fn person(number: u8, name: &str) -> Person {
    Person { id: UserId(uuid(number)), name: name.to_owned() }
}

pub fn marina() -> Person {
    person(1, "Marina Castro")
}

pub fn joao() -> Person {
    person(2, "João Prado")
}

pub fn step(id: &str) -> StepId {
    id.parse().expect("a slug")
}

pub fn me(role: Role) -> Me {
    Me {
        user: User {
            id: UserId(uuid(1)),
            email: "marina@example.org".into(),
            name: "Marina Castro".into(),
            role,
            locale: None,
            created_at: at(-9000, 0),
            disabled_at: None,
            break_glass: false,
        },
        session: session(1, true),
        approvals: 1,
        break_glass: Vec::new(),
    }
}

pub fn session(number: u8, current: bool) -> Session {
    Session {
        id: SessionId(uuid(number)),
        user_id: UserId(uuid(1)),
        created_at: at(-90, 0),
        last_seen_at: at(0, 0),
        expires_at: at(9000, 0),
        user_agent: "Chromium 141 on Linux".into(),
        scope: None,
        current,
    }
}

pub fn node(id: &str, kind: NodeKind, title: &str, phase: Phase) -> Node {
    Node {
        id: step(id),
        kind,
        title: title.to_owned(),
        section: vec!["Database failover".to_owned()].into(),
        phase: Some(phase),
        guard: None,
        text: String::new(),
        command: None,
        expected: None,
        arm: None,
        arms: Vec::new(),
        goto: None,
        after_minutes: None,
        attributes: OwnAttributes::default(),
        risk: None,
        span: Span::new(0, 1),
        line: 10,
    }
}

pub fn risk(class: RiskClass, en: &str, pt: &str) -> Option<Box<RiskVerdict>> {
    Some(Box::new(RiskVerdict { class, why: Localized::new(en, pt), span: None }))
}

pub fn sql(text: &str) -> Option<Box<Command>> {
    Some(Box::new(Command {
        language: CommandLanguage::Sql,
        text: text.into(),
        placeholders: Vec::new(),
        span: Span::new(0, 1),
        line: 11,
    }))
}

const FAILOVER: &str = "kubectl exec -it postgresql-0 -n <namespace> -- \\\n  patronictl failover --master postgresql-0 --candidate <candidate> --force";

pub fn failover() -> Node {
    let place = |parameter: &str, token: &str| {
        let start = FAILOVER.find(token).expect("it stands there");
        PlaceholderUse { parameter: parameter.into(), token: token.into(), span: Span::new(start, start + token.len()) }
    };
    Node {
        text: "Promote the replica to primary. See first that the chosen replica is in `streaming`.".into(),
        command: Some(Box::new(Command {
            language: CommandLanguage::Shell,
            text: FAILOVER.into(),
            placeholders: vec![place("namespace", "<namespace>"), place("candidate", "<candidate>")],
            span: Span::new(0, 1),
            line: 61,
        })),
        risk: risk(
            RiskClass::Destructive,
            "patronictl failover --force replaces the primary without asking.",
            "patronictl failover --force troca o primary sem confirmação.",
        ),
        expected: Some("the new primary answers within 30 s".into()),
        arm: Some(ArmRef { decision: step("scenario"), arm: 1 }),
        guard: Some("the replica is in `streaming`".into()),
        ..node("failover", NodeKind::Shell, "Start the failover by hand", Phase::Resolve)
    }
}

pub fn graph() -> StepGraph {
    let in_b = |node: Node| Node { arm: Some(ArmRef { decision: step("scenario"), arm: 1 }), ..node };
    let arms = vec![
        Arm {
            label: "Scenario A: restart the pod".into(),
            guard: Some("no replica streams".into()),
            first: Some(step("restart")),
        },
        Arm {
            label: "Scenario B: failover with Patroni".into(),
            guard: Some("a replica streams".into()),
            first: Some(step("cluster")),
        },
    ];
    StepGraph {
        start: Some(step("status")),
        nodes: vec![
            Node {
                command: sql("select client_addr, state, sync_state from pg_stat_replication;"),
                risk: risk(RiskClass::Read, "It reads a view of the server.", "Lê uma visão do servidor."),
                ..node("status", NodeKind::Sql, "Check replication", Phase::Diagnose)
            },
            node("volume", NodeKind::Manual, "Check the volume", Phase::Diagnose),
            Node {
                guard: Some("If the volume is full".into()),
                goto: Some("Scenario A".into()),
                ..node("to-restart", NodeKind::Goto, "go to Scenario A", Phase::Diagnose)
            },
            Node { arms, ..node("scenario", NodeKind::Decision, "Which scenario is it?", Phase::Resolve) },
            Node {
                arm: Some(ArmRef { decision: step("scenario"), arm: 0 }),
                ..node("restart", NodeKind::Manual, "Restart the pod", Phase::Resolve)
            },
            in_b(node("cluster", NodeKind::Manual, "Check the cluster", Phase::Resolve)),
            failover(),
            Node {
                line: 118,
                ..node(
                    "no-migrations",
                    NodeKind::Prohibition,
                    "Do not run migrations again until the new primary answers.",
                    Phase::Resolve,
                )
            },
            Node {
                expected: Some("f".into()),
                ..node("recovery", NodeKind::Verify, "`pg_is_in_recovery()` says", Phase::Verify)
            },
            Node {
                after_minutes: Some(15),
                ..node("call", NodeKind::Escalation, "Eduardo Campos (DBA), +55 11 5550 1234", Phase::Escalate)
            },
            node("alert", NodeKind::Check, "The alert is gone", Phase::Verify),
        ],
        edges: Vec::new(),
    }
}

pub fn target() -> Target {
    Target {
        id: "cluster-prod".parse().expect("a slug"),
        description: "The shop's cluster".into(),
        environment: Environment::Production,
        database: Some(DatabaseKind::Postgres),
        credentials: vec![CredentialRole::ReadOnly, CredentialRole::ReadWrite],
        shell: Some(ShellSettings::default()),
        timeout_seconds: 60,
        approvals: LeastApprovals { write: 2, ..LeastApprovals::default() },
        version: 3,
        updated_at: at(-900, 0),
    }
}

pub fn request() -> AttemptRequest {
    AttemptRequest {
        attempt: AttemptId(uuid(9)),
        step: step("failover"),
        title: "Start the failover by hand".into(),
        number: 1,
        language: CommandLanguage::Shell,
        text: "kubectl exec -it postgresql-0 -n \"$NAMESPACE\" -- \\\n  patronictl failover --master postgresql-0 --candidate \"$CANDIDATE\" --force".into(),
        parameters: BTreeMap::from([("candidate".into(), Some("postgresql-1".into())), ("namespace".into(), Some("shop".into()))]),
        target: target().id,
        environment: Environment::Production,
        risk: *failover().risk.expect("it has one"),
        requirement: requirement(RiskClass::Destructive, Environment::Production).expect("it may run"),
        reason: Some("the primary is gone".into()),
        origins: BTreeMap::new(),
        way: Way::Written,
        needs_reason: false,
                expected: None,
                hold: None,
        timeout_seconds: 60,
        expires_at: at(60, 0),
        digest: digest(0x8f),
    }
}

pub fn runbook_ref() -> RunbookRef {
    RunbookRef {
        id: "database-failover".parse().expect("a slug"),
        revision: digest(0x7c),
        title: "Database failover".into(),
    }
}

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
pub fn events() -> Vec<Event> {
    let attempt = AttemptId(uuid(7));
    let declared = EventKind::Declared {
        title: "PostgreSQL primary unavailable".into(),
        severity: Severity::Sev2,
        drill: false,
        runbook: Some(runbook_ref()),
        target: Some(target().id),
        rto_seconds: Some(3600),
        rpo_seconds: Some(3600),
    };
    let read = AttemptRequest {
        attempt,
        step: step("status"),
        title: "Check replication".into(),
        language: CommandLanguage::Sql,
        text: "select client_addr, state, sync_state from pg_stat_replication;".into(),
        parameters: BTreeMap::new(),
        risk: RiskVerdict { class: RiskClass::Read, why: Localized::new("It reads.", "Lê."), span: None },
        requirement: requirement(RiskClass::Read, Environment::Production).expect("it may run"),
        digest: digest(0x11),
        ..request()
    };
    let result = AttemptResult {
        outcome: Outcome::Succeeded,
        exit_code: None,
        rows: Some(2),
        duration_ms: 41,
        output_digest: Some(digest(0x3b)),
        truncated: false,
        full: None,
        failure: None,
        expected_seen: None,
        captured: Vec::new(),
        directory: None,
        confined: None,
    };
    let kinds = vec![
        (at(0, 0), marina(), declared),
        (at(1, 12), marina(), EventKind::MilestoneRecorded { milestone: Milestone::Acknowledged, at: at(1, 12) }),
        (
            at(2, 30),
            marina(),
            EventKind::SeverityChanged {
                from: Severity::Sev2,
                to: Severity::Sev1,
                reason: Some("checkout is down".into()),
            },
        ),
        (at(3, 0), marina(), EventKind::RoleAssigned { role: IncidentRole::Commander, person: marina() }),
        (at(3, 40), marina(), EventKind::AttemptRequested { request: read }),
        (at(3, 40), marina(), EventKind::AttemptQueued { attempt, step: step("status") }),
        (
            at(3, 41),
            marina(),
            EventKind::AttemptDispatched { attempt, step: step("status"), worker: "farol-1".into(), fencing_token: 1 },
        ),
        (at(3, 41), marina(), EventKind::AttemptFinished { attempt, step: step("status"), result }),
        (
            at(7, 11),
            joao(),
            EventKind::StepSkipped {
                step: step("volume"),
                title: "Check the volume".into(),
                reason: "checked five minutes ago".into(),
            },
        ),
        (at(12, 2), joao(), EventKind::Noted { text: "alerts stopped flapping".into(), step: None }),
        (
            at(13, 0),
            marina(),
            EventKind::StatusChanged { from: Status::Declared, to: Status::Mitigating, reason: None },
        ),
        (
            at(15, 20),
            marina(),
            EventKind::BranchChosen {
                decision: step("scenario"),
                arm: 1,
                label: "Scenario B: failover with Patroni".into(),
                reason: Some("postgresql-1 streams".into()),
            },
        ),
        (
            at(16, 55),
            marina(),
            EventKind::StepDone {
                step: step("cluster"),
                title: "Check the cluster".into(),
                observed: Some("1 leader, 2 replicas".into()),
            },
        ),
        (
            at(17, 2),
            marina(),
            EventKind::ParameterSet { name: "namespace".into(), value: Some("shop".into()), secret: false },
        ),
        (
            at(17, 9),
            marina(),
            EventKind::ParameterSet { name: "candidate".into(), value: Some("postgresql-1".into()), secret: false },
        ),
    ];
    let mut events: Vec<_> =
        kinds.into_iter().enumerate().map(|(index, (when, who, kind))| event(index, when, who, kind)).collect();
    for event in &mut events {
        if matches!(event.kind, EventKind::AttemptDispatched { .. } | EventKind::AttemptFinished { .. }) {
            event.actor = Actor::System;
        }
    }
    events
}

pub fn event(index: usize, when: DateTime<Utc>, who: Person, kind: EventKind) -> Event {
    Event {
        incident_id: IncidentId(12),
        seq: i64::try_from(index).expect("small") + 1,
        occurred_at: when,
        recorded_at: when,
        actor: Actor::Person(who),
        kind,
    }
}

/// The room after these events.
pub fn room_after(timeline: Vec<Event>) -> RoomView {
    let graph = graph();
    let gates = graph.nodes.iter().filter(|node| node.kind.is_executable()).map(|node| Gate {
        step: node.id.clone(),
        way: Way::Written,
        target: Some(target()),
        requirement: node.risk.as_ref().and_then(|risk| requirement(risk.class, Environment::Production)),
        missing: Vec::new(),
        blocked: None,
        dry_run: node.kind == NodeKind::Sql,
    });
    let parameter = |name: &str| Parameter {
        name: name.into(),
        token: format!("<{name}>"),
        steps: vec![step("failover")],
        default: None,
        secret: false,
        kind: ParameterKind::default(),
        example: None,
        pattern: None,
        description: None,
    };
    RoomView {
        state: IncidentState::fold(&timeline).expect("it begins with a declaration"),
        timeline,
        gates: gates.collect(),
        notes: vec![StepNote {
            step: step("failover"),
            topic: NoteTopic::OnFailure,
            met: None,
            text: Localized::new("If it fails, “Call the DBA” comes next.", "Se falhar, o próximo é “Call the DBA”."),
        }],
        graph,
        parameters: vec![parameter("namespace"), parameter("candidate")],
        output: output(),
        last_output_seq: 2,
        now: at(18, 42),
    }
}

pub fn room() -> RoomView {
    room_after(events())
}

/// The room before its parameters were filled: the failover cannot run yet.
pub fn blocked_room() -> RoomView {
    let mut events = events();
    events.truncate(13);
    let mut room = room_after(events);
    for gate in room.gates.iter_mut().filter(|gate| gate.step == step("failover")) {
        gate.blocked = Some(BlockedReason::MissingParameter);
        gate.missing = vec!["namespace".into(), "candidate".into()];
    }
    room
}

/// The room while the failover waits for another person, and what it would run.
pub fn awaiting_room(request: AttemptRequest) -> RoomView {
    let mut events = events();
    events.push(event(events.len(), at(17, 40), joao(), EventKind::AttemptRequested { request }));
    room_after(events)
}

pub fn output() -> Vec<OutputChunk> {
    let column =
        |name: &str, type_name: &str, numeric| Column { name: name.into(), type_name: type_name.into(), numeric };
    let cell = |text: &str| Some(text.to_owned());
    let columns =
        vec![column("client_addr", "inet", false), column("state", "text", false), column("lag_seconds", "int4", true)];
    let rows = vec![vec![cell("10.2.4.18"), cell("streaming"), cell("0")], vec![cell("10.2.4.19"), None, cell("341")]];
    let chunk = |seq, content| OutputChunk { attempt: AttemptId(uuid(7)), seq, at: at(3, 41), content };
    vec![chunk(1, OutputContent::Columns { columns }), chunk(2, OutputContent::Rows { rows })]
}

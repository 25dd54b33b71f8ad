//! One incident at a shop, from the first slow checkout to a reviewed post-mortem.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use farol_api::approval::{AttemptRequest, Way};
use farol_api::digest::Digest;
use farol_api::event::{Actor, AttemptResult, Event, EventKind, FailureCode, Outcome, RunbookRef};
use farol_api::graph::{CommandLanguage, Node, NodeKind, OwnAttributes, StepGraph};
use farol_api::id::{AttemptId, IncidentId, StepId, UserId};
use farol_api::incident::{
    IncidentRole, IncidentState, Milestone, PostmortemSection, PostmortemState, Severity, Status,
};
use farol_api::metrics::metrics;
use farol_api::policy::requirement;
use farol_api::request::{Deviation, DeviationKind};
use farol_api::risk::{RiskClass, RiskVerdict};
use farol_api::target::Environment;
use farol_api::text::{Locale, Localized, Span};
use farol_api::user::Person;
use farol_postmortem::{Input, Report, report};
use uuid::Uuid;

/// An incident with all that a report is made from.
pub struct Incident {
    pub events: Vec<Event>,
    pub graph: StepGraph,
    pub deviations: Vec<Deviation>,
}

impl Incident {
    pub fn new() -> Self {
        Self { events: Vec::new(), graph: StepGraph::default(), deviations: Vec::new() }
    }

    /// Appends an event that many seconds after 03:14:09.
    pub fn at(&mut self, seconds: i64, by: Option<&Person>, kind: EventKind) -> i64 {
        let at = time(seconds);
        let seq = self.events.len() as i64 + 1;
        let actor = by.map_or(Actor::System, |person| Actor::Person(person.clone()));
        self.events.push(Event { incident_id: IncidentId(12), seq, occurred_at: at, recorded_at: at, actor, kind });
        seq
    }

    pub fn node(&mut self, id: &str, kind: NodeKind, title: &str) {
        self.graph.nodes.push(node(id, kind, title));
    }

    pub fn report(&self, locale: Locale) -> Report {
        let state = IncidentState::fold(&self.events).unwrap();
        let metrics = metrics(&state, &self.events);
        let (events, graph, deviations) = (&self.events, &self.graph, &self.deviations);
        report(&Input { state: &state, events, graph, deviations, metrics: &metrics }, locale)
    }
}

pub fn time(seconds: i64) -> DateTime<Utc> {
    "2026-11-22T03:14:09.481516Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(seconds)
}

pub fn person(number: u128, name: &str) -> Person {
    Person { id: UserId(Uuid::from_u128(number)), name: name.to_owned() }
}

pub fn step(id: &str) -> StepId {
    id.parse().unwrap()
}

/// An id whose order is not the order in which attempts were made.
pub fn attempt(number: u128) -> AttemptId {
    AttemptId(Uuid::from_u128(u128::MAX - number))
}

pub fn digest(byte: u8) -> Digest {
    Digest::from_bytes([byte; 32])
}

pub fn declared(title: &str) -> EventKind {
    EventKind::Declared {
        title: title.to_owned(),
        severity: Severity::Sev2,
        drill: false,
        runbook: Some(RunbookRef {
            id: "postgres-locks".parse().unwrap(),
            revision: digest(0xa7),
            title: "PostgreSQL: locks and connections".to_owned(),
        }),
        target: Some("shop-prod".parse().unwrap()),
        rto_seconds: Some(1800),
        rpo_seconds: Some(300),
    }
}

pub fn request(number: u128, of_step: u32, id: &str, title: &str, text: &str, class: RiskClass) -> AttemptRequest {
    AttemptRequest {
        attempt: attempt(number),
        step: step(id),
        title: title.to_owned(),
        number: of_step,
        language: CommandLanguage::Sql,
        text: text.to_owned(),
        parameters: BTreeMap::new(),
        target: "shop-prod".parse().unwrap(),
        environment: Environment::Production,
        risk: RiskVerdict {
            class,
            why: Localized::new("Decided by its first word.", "Decidido pela primeira palavra."),
            span: None,
        },
        requirement: requirement(class, Environment::Production).unwrap(),
        reason: None,
        origins: BTreeMap::new(),
        way: Way::Written,
        needs_reason: false,
        expected: None,
        hold: None,
        timeout_seconds: 60,
        expires_at: time(900),
        digest: digest(0x0d),
    }
}

pub fn result(outcome: Outcome, rows: Option<u64>, output: Option<u8>) -> AttemptResult {
    AttemptResult { rows, duration_ms: 412, output_digest: output.map(digest), ..AttemptResult::ended(outcome, None) }
}

fn node(id: &str, kind: NodeKind, title: &str) -> Node {
    Node {
        id: step(id),
        kind,
        title: title.to_owned(),
        section: Vec::new().into(),
        phase: None,
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
        span: Span::new(0, 0),
        line: 1,
    }
}

/// The whole incident: every kind of event at least once.
pub fn shop() -> Incident {
    let mut shop = Incident::new();
    for (id, kind, title) in [
        ("open-the-dashboard", NodeKind::Manual, "Open the dashboard"),
        ("who-blocks-whom", NodeKind::Sql, "Who blocks whom"),
        ("what-is-it", NodeKind::Decision, "What is it?"),
        ("end-the-blocker", NodeKind::Sql, "End the blocking session"),
        ("restart-the-worker", NodeKind::Shell, "Restart the order worker"),
        ("checkout-answers", NodeKind::Verify, "Checkout answers within 300 ms"),
        ("tell-support", NodeKind::Check, "Tell support"),
        ("never-touched", NodeKind::Manual, "Look at the replica"),
    ] {
        shop.node(id, kind, title);
    }
    begin(&mut shop);
    diagnose(&mut shop);
    mend(&mut shop);
    finish(&mut shop);
    look_back(&mut shop);
    let deviation = |kind, id: &str, title: &str, detail: Option<&str>, seq| Deviation {
        kind,
        step: step(id),
        title: title.to_owned(),
        detail: detail.map(str::to_owned),
        seq,
    };
    shop.deviations = vec![
        deviation(DeviationKind::Repeated, "end-the-blocker", "End the blocking session", Some("2"), Some(27)),
        deviation(DeviationKind::OutcomeUnknown, "restart-the-worker", "Restart the order worker", None, Some(30)),
        deviation(DeviationKind::Skipped, "tell-support", "Tell support", Some("Support saw it first"), Some(33)),
        deviation(DeviationKind::NotReached, "never-touched", "Look at the replica", None, None),
    ];
    shop
}

fn begin(shop: &mut Incident) {
    let (ana, davi) = (person(1, "Ana Souza"), person(2, "Davi Lima"));
    shop.at(0, Some(&ana), declared("Checkout answers 500"));
    shop.at(30, Some(&ana), EventKind::MilestoneRecorded { milestone: Milestone::Acknowledged, at: time(30) });
    shop.at(
        30,
        Some(&ana),
        EventKind::StatusChanged { from: Status::Declared, to: Status::Investigating, reason: None },
    );
    shop.at(45, Some(&ana), EventKind::RoleAssigned { role: IncidentRole::Commander, person: ana.clone() });
    shop.at(95, Some(&davi), EventKind::ResponderJoined { person: davi.clone() });
    shop.at(97, Some(&ana), EventKind::RoleAssigned { role: IncidentRole::SubjectExpert, person: davi });
    shop.at(300, Some(&ana), EventKind::MilestoneRecorded { milestone: Milestone::ImpactStarted, at: time(-424) });
    shop.at(310, Some(&ana), EventKind::MilestoneRecorded { milestone: Milestone::Detected, at: time(-61) });
    let reason = Some("All shops are down, not one".to_owned());
    shop.at(320, Some(&ana), EventKind::SeverityChanged { from: Severity::Sev2, to: Severity::Sev1, reason });
}

fn diagnose(shop: &mut Incident) {
    let (ana, davi) = (person(1, "Ana Souza"), person(2, "Davi Lima"));
    shop.at(
        330,
        Some(&ana),
        EventKind::StepDone {
            step: step("open-the-dashboard"),
            title: "Open the dashboard".to_owned(),
            observed: Some("p99 at 31 s | was 0.2 s".to_owned()),
        },
    );
    let (id, title) = ("who-blocks-whom", "Who blocks whom");
    let text = "select blocked.pid, blocking.pid\nfrom pg_stat_activity blocked\nwhere wait_event_type = 'Lock';";
    let request = request(1, 1, id, title, text, RiskClass::Read);
    shop.at(340, Some(&davi), EventKind::AttemptRequested { request });
    shop.at(340, None, EventKind::AttemptQueued { attempt: attempt(1), step: step(id) });
    shop.at(341, None, dispatched(1, id));
    let result = result(Outcome::Succeeded, Some(3), Some(0x3f));
    shop.at(342, None, EventKind::AttemptFinished { attempt: attempt(1), step: step(id), result });
    let text = "Session 4711 holds the lock since 03:06.\n\nIt is the `reindex` job.".to_owned();
    shop.at(360, Some(&davi), EventKind::Noted { text, step: Some(step(id)) });
    shop.at(365, Some(&ana), EventKind::Noted { text: "Deploys are stopped.".to_owned(), step: None });
    let text = "Since 03:07, not 03:06.".to_owned();
    shop.at(380, Some(&davi), EventKind::Corrected { seq: 15, text });
    shop.at(
        390,
        Some(&davi),
        EventKind::BranchChosen {
            decision: step("what-is-it"),
            arm: 0,
            label: "One session blocks the others".to_owned(),
            reason: Some("4711 blocks 212 sessions".to_owned()),
        },
    );
}

fn dispatched(number: u128, id: &str) -> EventKind {
    let worker = "farol-1".to_owned();
    EventKind::AttemptDispatched { attempt: attempt(number), step: step(id), worker, fencing_token: 1 }
}

fn mend(shop: &mut Incident) {
    let (ana, davi, bia) = (person(1, "Ana Souza"), person(2, "Davi Lima"), person(3, "Bia Nunes"));
    let (name, value) = ("pid".to_owned(), Some("4711".to_owned()));
    shop.at(400, Some(&davi), EventKind::ParameterSet { name, value, secret: false });
    let name = "api_token".to_owned();
    shop.at(402, Some(&davi), EventKind::ParameterSet { name, value: None, secret: true });
    let (id, title) = ("end-the-blocker", "End the blocking session");
    let ending = |number, of_step| {
        let class = RiskClass::Administration;
        let mut request = request(number, of_step, id, title, "select pg_terminate_backend($1);", class);
        request.parameters = BTreeMap::from([("pid".to_owned(), Some("4711".to_owned())), ("token".to_owned(), None)]);
        request.reason = Some("It blocks checkout".to_owned());
        EventKind::AttemptRequested { request }
    };
    shop.at(410, Some(&davi), ending(2, 1));
    let reason = "Look at what it does first".to_owned();
    shop.at(440, Some(&bia), EventKind::ApprovalRefused { attempt: attempt(2), step: step(id), reason });
    let mut voided = result(Outcome::Voided, None, None);
    (voided.failure, voided.duration_ms) = (Some(FailureCode::Withdrawn), 0);
    shop.at(440, None, EventKind::AttemptFinished { attempt: attempt(2), step: step(id), result: voided });
    shop.at(470, Some(&davi), ending(3, 2));
    shop.at(
        490,
        Some(&bia),
        EventKind::ApprovalGranted { attempt: attempt(3), step: step(id), digest: digest(0x0d), editors_untold: None },
    );
    shop.at(491, None, dispatched(3, id));
    let ended = result(Outcome::Succeeded, Some(1), Some(0x5c));
    shop.at(492, None, EventKind::AttemptFinished { attempt: attempt(3), step: step(id), result: ended });
    let id = "restart-the-worker";
    let script = "for unit in order-worker mail-worker; do\n  systemctl restart \"$unit\"\ndone";
    let mut restart = request(4, 1, id, "Restart the order worker", script, RiskClass::Write);
    restart.language = CommandLanguage::Shell;
    shop.at(500, Some(&davi), EventKind::AttemptRequested { request: restart });
    shop.at(520, Some(&ana), EventKind::CancelRequested { attempt: attempt(4), step: step(id) });
    let mut lost = result(Outcome::OutcomeUnknown, None, Some(0x77));
    (lost.failure, lost.truncated, lost.duration_ms) = (Some(FailureCode::ServerLost), true, 61_900);
    shop.at(562, None, EventKind::AttemptFinished { attempt: attempt(4), step: step(id), result: lost });
}

fn finish(shop: &mut Incident) {
    let (ana, davi) = (person(1, "Ana Souza"), person(2, "Davi Lima"));
    let titled = |id: &str, title: &str| (step(id), title.to_owned());
    let (id, title) = titled("checkout-answers", "Checkout answers within 300 ms");
    let reason = "Still 900 ms".to_owned();
    shop.at(600, Some(&ana), EventKind::StepFailed { step: id.clone(), title: title.clone(), reason });
    let reason = Some("The cache was cold".to_owned());
    shop.at(660, Some(&ana), EventKind::StepReopened { step: id.clone(), title: title.clone(), reason });
    let (support, called) = titled("tell-support", "Tell support");
    let reason = "Support saw it first".to_owned();
    shop.at(670, Some(&davi), EventKind::StepSkipped { step: support, title: called, reason });
    let reason = "Nobody else is awake".to_owned();
    shop.at(680, Some(&davi), EventKind::BreakGlassOpened { number: 1, reason, until: time(980) });
    shop.at(685, Some(&davi), EventKind::BreakGlassClosed { number: 1 });
    let observed = Some("210 ms".to_owned());
    shop.at(690, Some(&ana), EventKind::StepDone { step: id, title, observed });
    shop.at(700, Some(&ana), EventKind::MilestoneRecorded { milestone: Milestone::Mitigated, at: time(700) });
    shop.at(710, Some(&davi), EventKind::DataAgeRecorded { seconds: 480 });
    let (from, to) = (Status::Investigating, Status::Resolved);
    shop.at(1320, Some(&ana), EventKind::StatusChanged { from, to, reason: Some("Quiet for ten minutes".to_owned()) });
    shop.at(1320, Some(&ana), EventKind::MilestoneRecorded { milestone: Milestone::Resolved, at: time(1320) });
}

fn look_back(shop: &mut Incident) {
    let (ana, bia) = (person(1, "Ana Souza"), person(3, "Bia Nunes"));
    let mut write = |section, text: &str| {
        shop.at(86_400, Some(&ana), EventKind::SectionWritten { section, text: text.to_owned() });
    };
    write(PostmortemSection::Summary, "The nightly `reindex` job took a lock that **every** checkout waits for.");
    write(PostmortemSection::Impact, "- 18 minutes without checkout\n- 1,204 orders lost\n");
    write(
        PostmortemSection::ContributingFactors,
        "# The job\n\nIt ran without `concurrently`:\n\n```sql\nreindex table orders;\n```\n\n# The alert\n\nIt waits 5 minutes.",
    );
    let mut item = |number, text: &str, owner: Option<&str>, due: Option<&str>, done| {
        let (text, owner, due) = (text.to_owned(), owner.map(str::to_owned), due.map(str::to_owned));
        shop.at(86_500, Some(&ana), EventKind::ActionItemSet { number, text, owner, due, done });
    };
    item(1, "Reindex concurrently", Some("Davi Lima"), Some("2026-11-30"), true);
    item(2, "Alert on lock waits above 30 s", None, None, false);
    let text = "Nothing ran meanwhile".to_owned();
    shop.at(86_550, Some(&bia), EventKind::BreakGlassReviewed { number: 1, text });
    let (from, to) = (PostmortemState::Draft, PostmortemState::InReview);
    shop.at(86_600, Some(&ana), EventKind::PostmortemMoved { from, to });
    let (from, to) = (PostmortemState::InReview, PostmortemState::Reviewed);
    shop.at(90_000, Some(&bia), EventKind::PostmortemMoved { from, to });
}

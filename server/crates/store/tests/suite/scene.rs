//! An incident with people and a target, and attempts in it.

use std::collections::BTreeMap;
use std::convert::Infallible;

use chrono::Duration;
use farol_api::clock::Clock;
use farol_api::digest::Digest;
use farol_api::event::{Actor, AttemptResult, Event, EventKind, Outcome};
use farol_api::graph::CommandLanguage;
use farol_api::hold::Held;
use farol_api::id::{AttemptId, IncidentId};
use farol_api::policy::requirement;
use farol_api::risk::RiskClass;
use farol_api::target::{Environment, Target};
use farol_api::user::{Role, User};
use farol_incident::spec::{AttemptSpec, Bind};
use farol_incident::{Asked, Decision};
use farol_store::{Claim, Store, Taken};
use farol_testkit::builders::{declared_with, incident, person, queued, request, target, user};
use farol_testkit::{TestDb, told};
use sqlx::Connection;

pub const LEASE: std::time::Duration = std::time::Duration::from_secs(30);

/// People, a target and an incident on it.
pub struct Scene {
    pub requester: User,
    pub approver: User,
    pub target: Target,
    pub incident: IncidentId,
}

impl Scene {
    pub async fn new(db: &TestDb, environment: Environment) -> Self {
        Self::of(db, environment, ["Rosa", "Alan"]).await
    }

    pub async fn of(db: &TestDb, environment: Environment, [requester, approver]: [&str; 2]) -> Self {
        let store = db.store();
        let requester = user(store, requester, Role::Responder).await;
        let approver = user(store, approver, Role::Approver).await;
        let target = target(store, "shop", environment).await;
        let kind = declared_with("Checkout is slow", None, Some(target.id.clone()));
        let incident = incident(store, &requester, kind).await;
        Self { requester, approver, target, incident }
    }

    /// Describes a write on the scene's target, in a step of its own.
    pub fn spec(&self, db: &TestDb, step: &str) -> AttemptSpec {
        let class = RiskClass::Write;
        let taken = requirement(class, self.target.environment).expect("a class that runs");
        AttemptSpec {
            attempt: AttemptId(db.clock().new_uuid()),
            incident: self.incident,
            step: step.parse().expect("a slug"),
            number: 1,
            language: CommandLanguage::Sql,
            text: "update orders set state = 'paid' where id = $1".into(),
            binds: vec![Bind { parameter: "order".into(), value: "order-4711-secret".into() }],
            env: BTreeMap::new(),
            literals: Vec::new(),
            secrets: Vec::new(),
            versions: BTreeMap::new(),
            target: self.target.id.clone(),
            target_version: self.target.version,
            role: taken.credential,
            class,
            classifier_version: "1".into(),
            timeout_seconds: 60,
            expires_at: db.clock().now() + Duration::minutes(30),
            asked: Asked::default(),
        }
    }

    /// Asks for an attempt; where nobody else is needed, it is queued at once.
    pub async fn ask(&self, store: &Store, spec: &AttemptSpec) -> AttemptId {
        let request = request(spec, self.target.environment);
        let mut events = vec![EventKind::AttemptRequested { request: request.clone() }];
        if request.requirement.approvals == 0 {
            events.push(queued(spec));
        }
        let mut decision = Decision::events(events);
        decision.spec = Some(spec.clone());
        append(store, self.incident, &self.requester, decision).await;
        spec.attempt
    }

    /// Approves a digest, and queues the attempt.
    pub async fn approve(&self, store: &Store, spec: &AttemptSpec, digest: Digest, by: &User) {
        let granted =
            EventKind::ApprovalGranted { attempt: spec.attempt, step: spec.step.clone(), digest, editors_untold: None };
        append(store, self.incident, by, Decision::events([granted, queued(spec)])).await;
    }

    /// Asks for an attempt that is queued in the end, as it should be.
    pub async fn queue(&self, store: &Store, spec: &AttemptSpec) -> AttemptId {
        let attempt = self.ask(store, spec).await;
        if request(spec, self.target.environment).requirement.approvals > 0 {
            self.approve(store, spec, spec.digest(), &self.approver).await;
        }
        attempt
    }
}

/// A change that is held, with one row to put back.
pub fn held(store: &Store) -> Held {
    Held {
        statements: Vec::new(),
        locks: Vec::new(),
        waiting: None,
        until: store.clock().now(),
        undo_rows: Some(1),
        no_undo: None,
    }
}

pub fn note(text: &str) -> EventKind {
    EventKind::Noted { text: text.into(), step: None }
}

pub fn succeeded() -> AttemptResult {
    AttemptResult { rows: Some(1), duration_ms: 12, ..AttemptResult::ended(Outcome::Succeeded, None) }
}

/// Appends what nobody refuses.
pub async fn append(store: &Store, incident: IncidentId, by: &User, decision: impl Into<Decision>) -> Vec<Event> {
    let decision = decision.into();
    let actor = Actor::Person(person(by));
    let appended = store.append(incident, actor, |_, _| Ok::<_, Infallible>(decision));
    appended.await.expect("events appended")
}

/// Takes the attempt that waits longest: its intent is committed, it is to be sent.
pub async fn take(store: &Store, worker: &str) -> Taken {
    store.take_next(worker, LEASE).await.expect("a queue that can be read").expect("an attempt that waits")
}

/// Takes one, whatever it is sent with.
pub async fn claim(store: &Store) -> Claim {
    take(store, "w").await.claim
}

/// Returns the results that an incident's record holds of an attempt.
pub async fn results(store: &Store, attempt: &AttemptSpec) -> Vec<AttemptResult> {
    told::results(store, attempt.incident, attempt.attempt).await
}

pub async fn dispatches(store: &Store, attempt: &AttemptSpec) -> usize {
    told::dispatches(store, attempt.incident, attempt.attempt).await
}

/// Changes the database behind the store's back.
pub async fn tamper(db: &TestDb, sql: &'static str) {
    if db.url().starts_with("postgres") {
        let mut connection = sqlx::PgConnection::connect(db.url()).await.unwrap();
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = sqlx::SqliteConnection::connect(db.url()).await.unwrap();
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
}

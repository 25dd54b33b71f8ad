//! People, targets, runbooks and incidents with all that does not matter filled in.

use std::collections::BTreeMap;

use farol_api::approval::{AttemptRequest, Way};
use farol_api::event::{Actor, EventKind, RunbookRef};
use farol_api::id::{IncidentId, RunbookId, TargetId};
use farol_api::incident::Severity;
use farol_api::policy::requirement;
use farol_api::request::{NewCredential, SaveTarget};
use farol_api::risk::RiskVerdict;
use farol_api::runbook::Runbook;
use farol_api::target::{CredentialRole, DatabaseKind, Environment, ShellSettings, Target};
use farol_api::text::Localized;
use farol_api::user::{Person, Role, User};
use farol_incident::Decision;
use farol_incident::spec::AttemptSpec;
use farol_store::{Declaration, NewRevision, NewUser, PasswordHash, RunbookFacts, Saved, Store};

/// The version that builders' readings claim to be of.
pub const READER: &str = "testkit";

/// Describes a person called `name`, with the e-mail `name@example.org`.
pub fn new_user(name: &str) -> NewUser {
    NewUser {
        email: format!("{}@example.org", name.to_lowercase()),
        name: name.to_owned(),
        password: PasswordHash(format!("hash of {name}'s password")),
    }
}

/// Makes an account.
pub async fn user(store: &Store, name: &str, role: Role) -> User {
    let made = store.create_user(new_user(name), role).await;
    made.expect("an account")
}

/// Returns a user as records name them.
pub fn person(user: &User) -> Person {
    Person { id: user.id, name: user.name.clone() }
}

/// Describes a SQLite target with a shell and a credential of each role; the files need not exist.
pub fn save_target(environment: Environment) -> SaveTarget {
    let roles = [CredentialRole::ReadOnly, CredentialRole::ReadWrite, CredentialRole::Admin];
    let credential =
        |role: CredentialRole| NewCredential { role, url: format!("sqlite:///nowhere/{}.db", role.as_str()) };
    SaveTarget {
        description: "A target for tests".to_owned(),
        environment,
        database: Some(DatabaseKind::Sqlite),
        credentials: roles.into_iter().map(credential).collect(),
        shell: Some(ShellSettings::default()),
        timeout_seconds: None,
        approvals: farol_api::target::LeastApprovals::default(),
    }
}

/// Registers a target.
pub async fn target(store: &Store, id: &str, environment: Environment) -> Target {
    let id: TargetId = id.parse().expect("a slug");
    let saved = store.save_target(&id, &save_target(environment)).await;
    saved.expect("a target")
}

/// Saves a new runbook; what was read from it is its title only.
pub async fn runbook(store: &Store, id: &str, title: &str, author: Option<&User>) -> Saved {
    let id: RunbookId = id.parse().expect("a slug");
    let source = format!("# {title}\n\n1. Look.\n");
    let reading = Runbook { title: title.to_owned(), ..Runbook::default() };
    let saved = store.save_revision(NewRevision {
        runbook: id,
        base: None,
        source: source.as_bytes(),
        facts: RunbookFacts { title: title.to_owned(), ..RunbookFacts::default() },
        reading: &reading,
        reader: READER,
        author: author.map(person),
        note: "first".to_owned(),
    });
    saved.await.expect("a runbook")
}

/// Describes an incident of severity 2, without runbook and target.
pub fn declared(title: &str) -> EventKind {
    EventKind::Declared {
        title: title.to_owned(),
        severity: Severity::Sev2,
        drill: false,
        runbook: None,
        target: None,
        rto_seconds: None,
        rpo_seconds: None,
    }
}

/// Describes an incident that is walked by a runbook on a target.
pub fn declared_with(title: &str, walked: Option<RunbookRef>, on: Option<TargetId>) -> EventKind {
    EventKind::Declared {
        title: title.to_owned(),
        severity: Severity::Sev2,
        drill: false,
        runbook: walked,
        target: on,
        rto_seconds: Some(3600),
        rpo_seconds: None,
    }
}

/// Declares an incident.
pub async fn incident(store: &Store, by: &User, kind: EventKind) -> IncidentId {
    let declared =
        store.declare(Declaration { kind, actor: Actor::Person(person(by)), occurred_at: None, idempotency: None });
    declared.await.expect("an incident")
}

/// Describes an attempt as the record and its approvers see it.
pub fn request(spec: &AttemptSpec, environment: Environment) -> AttemptRequest {
    AttemptRequest {
        attempt: spec.attempt,
        step: spec.step.clone(),
        title: "Mark it as paid".into(),
        number: spec.number,
        language: spec.language,
        text: spec.text.clone(),
        parameters: BTreeMap::new(),
        target: spec.target.clone(),
        environment,
        risk: RiskVerdict { class: spec.class, why: Localized::new("why", "por quê"), span: None },
        requirement: requirement(spec.class, environment).expect("a class that runs"),
        reason: None,
        origins: BTreeMap::new(),
        way: Way::Written,
        needs_reason: false,
        expected: None,
        hold: None,
        timeout_seconds: spec.timeout_seconds,
        expires_at: spec.expires_at,
        digest: spec.digest(),
    }
}

/// Says that an attempt waits for a worker.
pub fn queued(spec: &AttemptSpec) -> EventKind {
    EventKind::AttemptQueued { attempt: spec.attempt, step: spec.step.clone() }
}

/// What is recorded where somebody asks for an attempt that nobody else has to approve.
pub fn asked_and_queued(spec: &AttemptSpec, environment: Environment) -> Decision {
    let mut decision =
        Decision::events([EventKind::AttemptRequested { request: request(spec, environment) }, queued(spec)]);
    decision.spec = Some(spec.clone());
    decision
}

//! An incident to tell: events, output, checkpoints, and the bundle of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use farol_api::approval::{AttemptRequest, Way};
use farol_api::digest::Digest;
use farol_api::event::{Actor, AttemptResult, EventKind, Outcome};
use farol_api::graph::CommandLanguage;
use farol_api::id::{AttemptId, IncidentId, UserId};
use farol_api::incident::{Severity, Status};
use farol_api::policy::requirement;
use farol_api::risk::{RiskClass, RiskVerdict};
use farol_api::target::Environment;
use farol_api::text::Localized;
use farol_api::user::Person;
use farol_record::bundle::{self, Counts};
use farol_record::verify::{Report, Unreadable};
use farol_record::{Checkpoint, Entry, Hash, OutputHasher, PublicKey, SecretKey, Tree, Verifier, Written};
use uuid::Uuid;

pub const INCIDENT: IncidentId = IncidentId(12);
pub const ORIGIN: &str = "farol/test/incidents/12";

pub fn secret() -> SecretKey {
    SecretKey::new("farol/test", &[5; 32]).unwrap()
}

pub fn key() -> PublicKey {
    secret().public().clone()
}

pub fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + second, 123_456_000).unwrap()
}

pub fn person(name: &str) -> Actor {
    let id = name.bytes().fold(0, |id, byte| id * 256 + u128::from(byte));
    Actor::Person(Person { id: UserId(Uuid::from_u128(id)), name: name.to_owned() })
}

pub fn attempt(number: u128) -> AttemptId {
    AttemptId(Uuid::from_u128(0xa000 + number))
}

pub fn digest(of: &str) -> Digest {
    Hash::of(of.as_bytes()).into()
}

pub fn declared() -> EventKind {
    EventKind::Declared {
        title: "Checkout is slow — é".to_owned(),
        severity: Severity::Sev2,
        drill: false,
        runbook: None,
        target: Some("shop".parse().unwrap()),
        rto_seconds: Some(3600),
        rpo_seconds: None,
    }
}

pub fn note(text: &str) -> EventKind {
    EventKind::Noted { text: text.to_owned(), step: None }
}

pub fn closed() -> EventKind {
    EventKind::StatusChanged { from: Status::Investigating, to: Status::Resolved, reason: None }
}

pub fn request(id: AttemptId, number: u32) -> AttemptRequest {
    let (class, environment) = (RiskClass::Write, Environment::Production);
    AttemptRequest {
        attempt: id,
        step: "pay".parse().unwrap(),
        title: "Mark it as paid".into(),
        number,
        language: CommandLanguage::Sql,
        text: "update orders set state = 'paid' where id = $1".into(),
        parameters: BTreeMap::from([("order".into(), Some("4711".into())), ("token".into(), None)]),
        target: "shop".parse().unwrap(),
        environment,
        risk: RiskVerdict { class, why: Localized::new("it writes", "escreve"), span: None },
        requirement: requirement(class, environment).unwrap(),
        origins: BTreeMap::new(),
        way: Way::Written,
        needs_reason: false,
        expected: None,
        hold: None,
        reason: None,
        timeout_seconds: 60,
        expires_at: at(1000),
        digest: digest("what runs"),
    }
}

pub fn granted(id: AttemptId) -> EventKind {
    EventKind::ApprovalGranted {
        attempt: id,
        step: "pay".parse().unwrap(),
        digest: digest("what runs"),
        editors_untold: None,
    }
}

pub fn queued(id: AttemptId) -> EventKind {
    EventKind::AttemptQueued { attempt: id, step: "pay".parse().unwrap() }
}

pub fn dispatched(id: AttemptId, fencing_token: i64) -> EventKind {
    EventKind::AttemptDispatched { attempt: id, step: "pay".parse().unwrap(), worker: "w".into(), fencing_token }
}

pub fn finished(id: AttemptId, outcome: Outcome, output: &[&str]) -> EventKind {
    let mut hasher = OutputHasher::default();
    output.iter().for_each(|chunk| hasher.add(chunk));
    let result = AttemptResult {
        rows: Some(1),
        duration_ms: 12,
        output_digest: hasher.finish().map(Digest::from),
        ..AttemptResult::ended(outcome, None)
    };
    EventKind::AttemptFinished { attempt: id, step: "pay".parse().unwrap(), result }
}

pub const OUTPUT: [&str; 2] = [r#"{"stdout":{"text":"um\n"}}"#, r#"{"rows":{"rows":[["1",null]]}}"#];

/// What happened, and what is signed of it.
#[derive(Clone, Debug, Default)]
pub struct Story {
    pub events: Vec<(Actor, EventKind)>,
    pub output: Vec<(AttemptId, String)>,
    /// After so many events a checkpoint is signed.
    pub signed: Vec<u64>,
    /// So many of the first events were hashed late.
    pub late: usize,
}

impl Story {
    /// A write that was asked for, approved, run and ended, with notes around it; all of it signed.
    pub fn whole() -> Self {
        let id = attempt(1);
        let events = vec![
            (person("rita"), declared()),
            (person("rita"), EventKind::AttemptRequested { request: request(id, 1) }),
            (person("paul"), granted(id)),
            (person("paul"), queued(id)),
            (Actor::System, dispatched(id, 1)),
            (Actor::System, finished(id, Outcome::Succeeded, &OUTPUT)),
            (person("rita"), note("it is paid")),
            (person("rita"), closed()),
        ];
        let output = OUTPUT.iter().map(|chunk| (id, (*chunk).to_owned())).collect();
        Self { events, output, signed: vec![3, 8], late: 0 }
    }

    pub fn entries(&self) -> Vec<Entry> {
        let all = self.events.iter().enumerate();
        all.map(|(index, (actor, kind))| {
            let written = Written {
                incident: INCIDENT,
                seq: index as i64 + 1,
                occurred_at: at(index as i64),
                recorded_at: at(index as i64 + 1),
                actor: serde_json::to_value(actor).unwrap(),
                kind: serde_json::to_value(kind).unwrap(),
                late: index < self.late,
            };
            Entry::of(written, [index as u8; 32])
        })
        .collect()
    }

    pub fn checkpoint(&self, size: u64) -> String {
        let tree: Tree = self.entries().iter().take(size as usize).map(Entry::hash).collect();
        Checkpoint::of(ORIGIN.to_owned(), &tree).sign(&secret())
    }

    /// The lines of the bundle, each with its newline.
    pub fn lines(&self) -> Vec<String> {
        self.lines_of(&self.entries())
    }

    /// The lines with these entries instead, hashed as they are.
    pub fn lines_of(&self, entries: &[Entry]) -> Vec<String> {
        let counts = Counts {
            checkpoints: self.signed.len() as u64,
            entries: entries.len() as u64,
            outputs: self.output.len() as u64,
        };
        let mut lines = vec![bundle::header(INCIDENT, ORIGIN)];
        lines.extend(self.signed.iter().map(|size| bundle::checkpoint(&self.checkpoint(*size))));
        lines.extend(entries.iter().map(|entry| bundle::entry(entry, entry.hash())));
        lines.extend(self.output.iter().map(|(attempt, content)| bundle::output(*attempt, content)));
        lines.push(bundle::end(counts));
        lines
    }

    pub fn verify(&self) -> Report {
        verify(&self.lines().concat()).unwrap()
    }
}

pub fn verify(text: &str) -> Result<Report, Unreadable> {
    verify_with(text, vec![key()], &[])
}

pub fn verify_with(text: &str, keys: Vec<PublicKey>, kept: &[String]) -> Result<Report, Unreadable> {
    let mut verifier = Verifier::new(keys);
    kept.iter().for_each(|note| verifier.kept_elsewhere(note).unwrap());
    let Some(body) = text.strip_suffix('\n') else { return Err(Unreadable::Cut { lines: 0 }) };
    body.split('\n').try_for_each(|line| verifier.line(line))?;
    verifier.finish()
}

//! Specs, targets and a reader of output for the tests of the runners.
#![expect(dead_code, reason = "each test file uses a part")]

pub mod cut;
pub mod held;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use farol_api::event::{AttemptResult, FullResult};
use farol_api::graph::CommandLanguage;
use farol_api::id::{AttemptId, IncidentId};
use farol_api::output::{Column, OutputCap, OutputContent};
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, DatabaseKind, ShellSettings};
use farol_engine::job::{ResolvedTarget, RunConfig};
use farol_engine::output::{Limits, OutputSink};
use farol_engine::secret::SecretUrl;
use farol_engine::shell::{Hidden, Runners};
use farol_engine::sql::Warm;
use farol_incident::Asked;
use farol_incident::spec::{AttemptSpec, Bind};
use sqlx::Connection;
use tokio_util::sync::CancellationToken;

/// Returns an attempt's id that no other attempt of this process has.
pub fn fresh_attempt() -> AttemptId {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = u128::from(NEXT.fetch_add(1, Ordering::Relaxed));
    AttemptId(uuid::Uuid::from_u128((u128::from(std::process::id()) << 64) | number))
}

pub fn sql(text: &str, class: RiskClass, role: CredentialRole) -> AttemptSpec {
    AttemptSpec { language: CommandLanguage::Sql, class, role, ..script(text) }
}

pub fn read(text: &str) -> AttemptSpec {
    sql(text, RiskClass::Read, CredentialRole::ReadOnly)
}

pub fn write(text: &str) -> AttemptSpec {
    sql(text, RiskClass::Write, CredentialRole::ReadWrite)
}

pub fn script(text: &str) -> AttemptSpec {
    AttemptSpec {
        attempt: fresh_attempt(),
        incident: IncidentId(1),
        step: "step".parse().unwrap(),
        number: 1,
        language: CommandLanguage::Shell,
        text: text.to_owned(),
        binds: Vec::new(),
        env: BTreeMap::new(),
        literals: Vec::new(),
        secrets: Vec::new(),
        versions: BTreeMap::new(),
        target: "target".parse().unwrap(),
        target_version: 1,
        role: CredentialRole::ReadWrite,
        class: RiskClass::Write,
        classifier_version: "1".to_owned(),
        timeout_seconds: 30,
        expires_at: chrono::DateTime::from_timestamp_micros(0).unwrap(),
        asked: Asked::default(),
    }
}

pub fn with_binds(mut spec: AttemptSpec, values: &[&str]) -> AttemptSpec {
    let bind = |(index, value): (usize, &&str)| Bind { parameter: format!("p{index}"), value: (*value).to_owned() };
    spec.binds = values.iter().enumerate().map(bind).collect();
    spec
}

pub fn database(kind: DatabaseKind, url: &str) -> ResolvedTarget {
    ResolvedTarget { database: Some(kind), url: Some(SecretUrl::new(url)), ..ResolvedTarget::default() }
}

pub fn shell() -> ResolvedTarget {
    ResolvedTarget { shell: Some(ShellSettings::default()), ..ResolvedTarget::default() }
}

pub fn runners(hidden: &Path) -> Runners {
    keeping(Hidden { there: vec![hidden.to_owned()], ..Hidden::default() })
}

pub fn keeping(hidden: Hidden) -> Runners {
    Runners::new(vec![PathBuf::from(env!("CARGO_BIN_EXE_farol-shell-supervisor"))], hidden)
}

pub fn config(workspaces: &Path) -> RunConfig {
    RunConfig {
        limits: Limits::default(),
        runners: runners(workspaces),
        workspaces: workspaces.to_owned(),
        results: workspaces.join("results"),
        warm: Warm::default(),
    }
}

/// All that a run gave.
#[derive(Debug)]
pub struct Ran {
    pub result: AttemptResult,
    pub chunks: Vec<OutputContent>,
}

impl Ran {
    pub fn stdout(&self) -> String {
        let text = |chunk: &OutputContent| match chunk {
            OutputContent::Stdout { text } => Some(text.clone()),
            _ => None,
        };
        self.chunks.iter().filter_map(text).collect()
    }

    pub fn stderr(&self) -> String {
        let text = |chunk: &OutputContent| match chunk {
            OutputContent::Stderr { text } => Some(text.clone()),
            _ => None,
        };
        self.chunks.iter().filter_map(text).collect()
    }

    pub fn columns(&self) -> Vec<Column> {
        let columns = |chunk: &OutputContent| match chunk {
            OutputContent::Columns { columns } => Some(columns.clone()),
            _ => None,
        };
        self.chunks.iter().find_map(columns).unwrap_or_default()
    }

    pub fn rows(&self) -> Vec<Vec<Option<String>>> {
        let rows = |chunk: &OutputContent| match chunk {
            OutputContent::Rows { rows } => Some(rows.clone()),
            _ => None,
        };
        self.chunks.iter().filter_map(rows).flatten().collect()
    }

    pub fn cell(&self) -> Option<String> {
        self.rows().into_iter().next().and_then(|row| row.into_iter().next()).flatten()
    }

    pub fn cap(&self) -> Option<OutputCap> {
        let cap = |chunk: &OutputContent| match chunk {
            OutputContent::Truncated { cap } => Some(*cap),
            _ => None,
        };
        self.chunks.iter().find_map(cap)
    }
}

pub async fn run_with(
    spec: &AttemptSpec,
    target: &ResolvedTarget,
    config: &RunConfig,
    cancel: &CancellationToken,
) -> Ran {
    let (sink, mut chunks) = OutputSink::channel(8);
    let reader = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(chunk) = chunks.recv().await {
            all.push(chunk);
        }
        all
    });
    let result = farol_engine::run(spec, target, config, sink, cancel).await;
    Ran { result, chunks: reader.await.unwrap() }
}

/// The file of a whole result, checked against its digest.
pub fn whole(config: &RunConfig, spec: &AttemptSpec, full: &FullResult) -> String {
    use sha2::{Digest as _, Sha256};
    let bytes = std::fs::read(farol_engine::result_file(&config.results, spec.attempt)).unwrap();
    assert_eq!(
        (bytes.len() as u64, farol_api::digest::Digest::from_bytes(Sha256::digest(&bytes).into())),
        (full.bytes, full.digest.clone())
    );
    String::from_utf8(bytes).unwrap()
}

pub async fn run(spec: &AttemptSpec, target: &ResolvedTarget) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    run_with(spec, target, &config(folder.path()), &CancellationToken::new()).await
}

/// Waits until so many connections wait for attempts on a Postgres database.
pub async fn until_ready(superuser: &str, many: i64) {
    let look = "select count(*) from pg_stat_activity \
                where datname = current_database() and application_name = 'farol-ready'";
    let mut boss = sqlx::PgConnection::connect(superuser).await.unwrap();
    for _ in 0..1_000 {
        let now: i64 = sqlx::query_scalar(look).fetch_one(&mut boss).await.unwrap();
        if now == many {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("never {many} connections");
}

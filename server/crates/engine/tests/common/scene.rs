//! The engine on a real store, with a target and an incident.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use farol_api::clock::{Clock, truncate};
use farol_api::event::{Actor, AttemptResult, EventKind};
use farol_api::graph::CommandLanguage;
use farol_api::id::{AttemptId, IncidentId};
use farol_api::output::OutputContent;
use farol_api::policy::requirement;
use farol_api::request::{NewCredential, SaveTarget};
use farol_api::risk::RiskClass;
use farol_api::target::{DatabaseKind, Environment, ShellSettings, Target};
use farol_api::user::{Role, User};
use farol_engine::{Engine, EngineConfig, EngineHandle};
use farol_incident::spec::AttemptSpec;
use farol_incident::{Asked, Decision};
use farol_store::{Durability, Store, StoreOptions, Vault};
use farol_testkit::builders::{asked_and_queued, declared_with, incident, person, user};
use farol_testkit::{PostgresServer, SqliteFile, told};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::TempDir;
use uuid::Uuid;

use crate::common;
use crate::common::config;

/// Leases end by the clock of the store, so it has to go. It can be set.
#[derive(Debug, Default)]
pub struct GoingClock {
    /// By how much it is wrong, in microseconds.
    ahead: AtomicI64,
}

impl GoingClock {
    /// Sets it on, or back.
    pub fn set_by(&self, by: chrono::Duration) {
        self.ahead.fetch_add(by.num_microseconds().unwrap(), Ordering::SeqCst);
    }
}

impl Clock for GoingClock {
    fn now(&self) -> DateTime<Utc> {
        let since = std::time::UNIX_EPOCH.elapsed().unwrap();
        let micros = i64::try_from(since.as_micros()).unwrap() + self.ahead.load(Ordering::SeqCst);
        truncate(DateTime::from_timestamp_micros(micros).unwrap())
    }

    fn new_uuid(&self) -> Uuid {
        common::fresh_attempt().0
    }
}

/// A store, a target and an incident.
pub struct Scene {
    pub folder: TempDir,
    /// Where its store is.
    pub url: String,
    _file: SqliteFile,
    pub store: Store,
    pub clock: Arc<GoingClock>,
    pub requester: User,
    pub target: Target,
    pub incident: IncidentId,
}

impl Scene {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("farol.db").display().to_string();
        Self::on(folder, &url).await
    }

    pub async fn postgres() -> Self {
        let name = format!("engine{}", common::fresh_attempt().0.simple());
        let url = PostgresServer::shared().create_database(&name).await;
        Store::migrate(&url, &options(Arc::default())).await.unwrap();
        Self::on(tempfile::tempdir().unwrap(), &url).await
    }

    pub async fn on(folder: TempDir, url: &str) -> Self {
        let clock = Arc::<GoingClock>::default();
        let store = Store::open(url, Vault::new([7; 32]), options(clock.clone())).await.unwrap();
        let file = SqliteFile::with("create table t (a int); insert into t values (1), (2)").await;
        let requester = user(&store, "Rosa", Role::Responder).await;
        let roles = [farol_api::target::CredentialRole::ReadOnly, farol_api::target::CredentialRole::ReadWrite];
        let credentials = roles.into_iter().map(|role| NewCredential { role, url: file.url() }).collect();
        let save = SaveTarget {
            description: "A sandbox".into(),
            environment: Environment::Sandbox,
            database: Some(DatabaseKind::Sqlite),
            credentials,
            shell: Some(ShellSettings::default()),
            timeout_seconds: None,
            approvals: farol_api::target::LeastApprovals::default(),
        };
        let target = store.save_target(&"shop".parse().unwrap(), &save).await.unwrap();
        let kind = declared_with("It is slow", None, Some(target.id.clone()));
        let incident = incident(&store, &requester, kind).await;
        Self { folder, url: url.to_owned(), _file: file, store, clock, requester, target, incident }
    }

    pub fn start(&self, change: impl FnOnce(&mut EngineConfig)) -> EngineHandle {
        let workspaces = self.folder.path().join("w");
        std::fs::create_dir_all(&workspaces).unwrap();
        let mut config = EngineConfig::new(self.clock.new_uuid().to_string(), config(&workspaces));
        config.grace = Duration::from_millis(50);
        change(&mut config);
        Engine::start(self.store.clone(), config)
    }

    pub fn spec(&self, language: CommandLanguage, text: &str, class: RiskClass) -> AttemptSpec {
        let attempt = common::fresh_attempt();
        AttemptSpec {
            attempt,
            incident: self.incident,
            step: format!("step-{}", attempt.0.simple()).parse().unwrap(),
            language,
            target: self.target.id.clone(),
            target_version: self.target.version,
            role: requirement(class, Environment::Sandbox).unwrap().credential,
            class,
            expires_at: self.clock.now() + chrono::Duration::minutes(30),
            asked: Asked::default(),
            ..common::script(text)
        }
    }

    pub fn script(&self, text: &str) -> AttemptSpec {
        self.spec(CommandLanguage::Shell, text, RiskClass::Write)
    }

    pub async fn queue(&self, spec: &AttemptSpec) {
        self.append(asked_and_queued(spec, Environment::Sandbox)).await;
    }

    pub async fn append(&self, decision: Decision) {
        let actor = Actor::Person(person(&self.requester));
        self.store.append(self.incident, actor, |_, _| Ok::<_, Infallible>(decision)).await.unwrap();
    }

    pub async fn cancel(&self, spec: &AttemptSpec) {
        let cancel = EventKind::CancelRequested { attempt: spec.attempt, step: spec.step.clone() };
        self.append(Decision::from(cancel)).await;
    }

    pub async fn results(&self, attempt: AttemptId) -> Vec<AttemptResult> {
        told::results(&self.store, self.incident, attempt).await
    }

    pub async fn dispatches(&self, attempt: AttemptId) -> usize {
        told::dispatches(&self.store, self.incident, attempt).await
    }

    /// Waits for the end of an attempt, which comes once.
    pub async fn end(&self, spec: &AttemptSpec) -> AttemptResult {
        let mut changes = self.store.watch(self.incident);
        let wait = async {
            loop {
                if let Some(result) = self.results(spec.attempt).await.pop() {
                    return result;
                }
                // A wake-up can be lost; the record is looked at again in any case.
                let _ = tokio::time::timeout(Duration::from_millis(200), changes.changed()).await;
            }
        };
        let result = tokio::time::timeout(Duration::from_secs(60), wait).await.expect("an end");
        assert_eq!((self.results(spec.attempt).await.len(), self.dispatches(spec.attempt).await), (1, 1));
        result
    }

    pub async fn output(&self, attempt: AttemptId) -> Vec<OutputContent> {
        let chunks = self.store.attempt_output(attempt, 0, 10_000).await.unwrap();
        chunks.into_iter().map(|chunk| chunk.content).collect()
    }

    /// Changes the store behind its back.
    pub async fn store_sql(&self, sql: &str) {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("farol.db"));
        let mut db = options.connect().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
    }

    pub fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join("w").join(self.incident.to_string()).join(name)
    }

    pub async fn until_exists(&self, name: &str) {
        for _ in 0..2_000 {
            if self.file(name).exists() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{name} never came to be");
    }
}

fn options(clock: Arc<GoingClock>) -> StoreOptions {
    let mut options = StoreOptions::new(clock);
    options.durability = Durability::Off;
    options
}

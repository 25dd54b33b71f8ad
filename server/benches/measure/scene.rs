//! A durable store, an engine and a target, to run steps on as a server does.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use farol::clock::SystemClock;
use farol_api::clock::Clock;
use farol_api::event::{Actor, EventKind, Outcome};
use farol_api::graph::CommandLanguage;
use farol_api::id::{AttemptId, IncidentId};
use farol_api::policy::requirement;
use farol_api::request::{NewCredential, SaveTarget};
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, DatabaseKind, Environment, ShellSettings, Target};
use farol_api::user::{Role, User};
use farol_engine::job::RunConfig;
use farol_engine::output::Limits;
use farol_engine::shell::{Hidden, Runners};
use farol_engine::sql::Warm;
use farol_engine::{Engine, EngineConfig, EngineHandle};
use farol_incident::Asked;
use farol_incident::spec::AttemptSpec;
use farol_store::{Store, StoreOptions, Vault};
use farol_testkit::builders::{asked_and_queued, declared_with, incident, person, user};
use tempfile::TempDir;

/// An incident gets so many steps, then another one is declared: loading an incident takes longer the longer it is.
const STEPS: usize = 10;
/// The longest that a step may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest that one with many rows may take.
const PATIENCE_WITH_ROWS: Duration = Duration::from_secs(120);

/// What a step with many rows took.
pub struct Rows {
    /// Until its end was recorded; its file is written by then.
    pub took: Duration,
    /// Until its first rows were stored.
    pub first: Duration,
}

/// What steps are run with.
pub struct Scene {
    _folder: TempDir,
    store: Store,
    engine: EngineHandle,
    requester: User,
    target: Target,
    /// The same with as little confinement of scripts as a target may ask for.
    loose: Target,
    incident: IncidentId,
    steps: usize,
    /// Where whole results are kept.
    results: PathBuf,
}

/// Opens a store as a server does: every commit is on the disk.
pub async fn durable_store(folder: &TempDir) -> anyhow::Result<Store> {
    let options = StoreOptions::new(Arc::new(SystemClock));
    Ok(Store::open(&folder.path().join("farol.db").display().to_string(), Vault::new([7; 32]), options).await?)
}

impl Scene {
    /// Starts an engine over a fresh store, with a Postgres target that has a shell.
    pub async fn new(folder: TempDir, url: &str) -> anyhow::Result<Self> {
        let store = durable_store(&folder).await?;
        let roles = [CredentialRole::ReadOnly, CredentialRole::ReadWrite];
        let save = SaveTarget {
            description: "A sandbox".into(),
            environment: Environment::Sandbox,
            database: Some(DatabaseKind::Postgres),
            credentials: roles.into_iter().map(|role| NewCredential { role, url: url.to_owned() }).collect(),
            shell: Some(ShellSettings::default()),
            timeout_seconds: None,
            approvals: farol_api::target::LeastApprovals::default(),
        };
        let target = store.save_target(&"bench".parse()?, &save).await?;
        let loose = ShellSettings { no_namespaces: true, ..ShellSettings::default() };
        let loose = SaveTarget { shell: Some(loose), ..save };
        let loose = store.save_target(&"loose".parse()?, &loose).await?;
        let requester = user(&store, "Rosa", Role::Responder).await;
        let run = RunConfig {
            limits: Limits::default(),
            runners: Runners::new(
                vec![PathBuf::from(env!("CARGO_BIN_EXE_farol")), PathBuf::from("shell-supervisor")],
                Hidden { there: vec![folder.path().to_owned()], ..Hidden::default() },
            ),
            workspaces: folder.path().join("workspaces"),
            results: folder.path().join("results"),
            warm: Warm::new(2),
        };
        let engine = Engine::start(store.clone(), EngineConfig::new(SystemClock.new_uuid().to_string(), run));
        let declared = incident(&store, &requester, declared_with("It is slow", None, Some(target.id.clone()))).await;
        let results = folder.path().join("results");
        Ok(Self { _folder: folder, store, engine, requester, target, loose, incident: declared, steps: 0, results })
    }

    /// Queues a step and waits until its end is recorded: claimed, dispatched, run, its output stored.
    pub async fn step(&mut self, language: CommandLanguage, text: &str) -> anyhow::Result<Duration> {
        let target = self.target.clone();
        Ok(self.run(language, &target, text, PATIENCE).await?.took)
    }

    /// The same for a script on a target that asks for as little confinement as it may.
    pub async fn loose_step(&mut self, text: &str) -> anyhow::Result<Duration> {
        let target = self.loose.clone();
        Ok(self.run(CommandLanguage::Shell, &target, text, PATIENCE).await?.took)
    }

    /// Runs a query of a million rows as a step, and sees that all of them are in its file.
    pub async fn rows(&mut self, text: &str) -> anyhow::Result<Rows> {
        let target = self.target.clone();
        let rows = self.run(CommandLanguage::Sql, &target, text, PATIENCE_WITH_ROWS).await?;
        let newest = std::fs::read_dir(&self.results)?
            .filter_map(Result::ok)
            .max_by_key(|file| file.metadata().and_then(|m| m.modified()).ok());
        let file = newest.context("the step kept no file")?.path();
        let lines = std::io::BufRead::split(std::io::BufReader::new(std::fs::File::open(&file)?), b'\n').count();
        ensure!(lines == 1_000_001, "the file has {lines} lines");
        std::fs::remove_file(file)?;
        Ok(rows)
    }

    async fn run(
        &mut self,
        language: CommandLanguage,
        target: &Target,
        text: &str,
        patience: Duration,
    ) -> anyhow::Result<Rows> {
        if self.steps == STEPS {
            let kind = declared_with("It is slow", None, Some(self.target.id.clone()));
            self.incident = incident(&self.store, &self.requester, kind).await;
            self.steps = 0;
        }
        self.steps += 1;
        let spec = self.spec(language, target, text)?;
        let decision = asked_and_queued(&spec, Environment::Sandbox);
        let mut changes = self.store.watch(self.incident);
        let start = Instant::now();
        let actor = Actor::Person(person(&self.requester));
        let queued = self.store.append(self.incident, actor, |_, _| Ok::<_, Infallible>(decision)).await?;
        let mut seq = queued.last().context("the step was not queued")?.seq;
        let mut first = None;
        while start.elapsed() < patience {
            changes.mark_unchanged();
            if patience > PATIENCE && first.is_none() {
                let output = self.store.attempt_output(spec.attempt, 0, 1).await?;
                first = (!output.is_empty()).then(|| start.elapsed());
            }
            for event in self.store.events_after(self.incident, seq, 100).await? {
                seq = event.seq;
                if let EventKind::AttemptFinished { result, .. } = event.kind {
                    ensure!(result.outcome == Outcome::Succeeded, "the step ended otherwise: {result:?}");
                    let took = start.elapsed();
                    return Ok(Rows { took, first: first.unwrap_or(took) });
                }
            }
            // A wake-up can be lost; a turn in which one was is seen in the most of the spread.
            let _ = tokio::time::timeout(Duration::from_secs(1), changes.changed()).await;
        }
        bail!("a step did not end")
    }

    /// Stops the engine.
    pub async fn end(self) {
        self.engine.shutdown().await;
        self.store.close().await;
    }

    fn spec(&self, language: CommandLanguage, target: &Target, text: &str) -> anyhow::Result<AttemptSpec> {
        let attempt = AttemptId(SystemClock.new_uuid());
        let requirement = requirement(RiskClass::Read, Environment::Sandbox).context("a read can be run")?;
        Ok(AttemptSpec {
            attempt,
            incident: self.incident,
            step: format!("step-{}", attempt.0.simple()).parse()?,
            number: 1,
            language,
            text: text.to_owned(),
            binds: Vec::new(),
            env: Default::default(),
            literals: Vec::new(),
            secrets: Vec::new(),
            versions: Default::default(),
            target: target.id.clone(),
            target_version: target.version,
            role: requirement.credential,
            class: RiskClass::Read,
            classifier_version: farol_risk::CLASSIFIER_VERSION.to_owned(),
            timeout_seconds: 120,
            expires_at: SystemClock.now() + chrono::Duration::minutes(30),
            asked: Asked::default(),
        })
    }
}

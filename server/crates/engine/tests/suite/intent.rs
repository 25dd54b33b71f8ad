//! What is done of an attempt before its intent is committed, on a real server: a read is made ready, and nothing runs.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use crate::common::{self, config, database, fresh_attempt, read, script, shell, write};
use crate::scene::Scene;
use farol_api::event::{Actor, FailureCode, Outcome};
use farol_api::graph::CommandLanguage;
use farol_api::output::OutputContent;
use farol_api::request::{NewCredential, SaveTarget};
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, DatabaseKind, Environment, Target};
use farol_engine::Intent;
use farol_engine::hold::Desk;
use farol_engine::job::{Ran, ResolvedTarget, RunConfig};
use farol_engine::output::OutputSink;
use farol_engine::sql::Warm;
use farol_incident::spec::AttemptSpec;
use farol_testkit::builders::{asked_and_queued, person};
use farol_testkit::{PostgresServer, REFUSE_INTENTS, TargetDatabase};
use futures::FutureExt;
use sqlx::{Connection, Executor, PgConnection};
use tempfile::TempDir;
use tokio::sync::mpsc::Receiver;
use tokio_util::sync::CancellationToken;

/// What reads the table. Its column is the statement's own: for one of a table sqlx asks further questions.
const READ: &str = "select a + 1 from t";

/// A database with a table, and who looks on.
struct Place {
    urls: TargetDatabase,
    boss: PgConnection,
    config: RunConfig,
    _folder: TempDir,
}

/// What stands between a run and its end.
#[derive(Default)]
struct Word {
    intent: Intent,
    cancel: CancellationToken,
}

impl Place {
    async fn new() -> Self {
        let urls = PostgresServer::shared().create_target(&format!("t{}", fresh_attempt().0.simple())).await;
        let mut boss = PgConnection::connect(&urls.superuser).await.unwrap();
        boss.execute(sqlx::raw_sql("create table t (a int); insert into t values (1)")).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        Self { urls, boss, config, _folder: folder }
    }

    fn ro(&self) -> ResolvedTarget {
        database(DatabaseKind::Postgres, &self.urls.ro)
    }

    /// What the server says of the connection of an attempt: its process, what it does and what it was last sent.
    async fn seen(&mut self, spec: &AttemptSpec) -> Option<(i32, String, String)> {
        let look = "select pid, coalesce(state, ''), query from pg_stat_activity where application_name = $1";
        sqlx::query_as(look).bind(spec.attempt.to_string()).fetch_optional(&mut self.boss).await.unwrap()
    }

    /// Waits until the server has read the attempt's text, and is in this state.
    async fn until(&mut self, spec: &AttemptSpec, wanted: &str) -> i32 {
        for _ in 0..1_000 {
            match self.seen(spec).await {
                Some((pid, state, query)) if state == wanted && query == spec.text => return pid,
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        panic!("never {wanted}: {:?}", self.seen(spec).await);
    }

    async fn until_gone(&mut self, spec: &AttemptSpec) {
        for _ in 0..1_000 {
            if self.seen(spec).await.is_none() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("still there: {:?}", self.seen(spec).await);
    }

    /// How often the table was read. A connection says so at its end.
    async fn scans(&mut self) -> i64 {
        let look = "select seq_scan from pg_stat_user_tables where relname = 't'";
        sqlx::query_scalar(look).fetch_one(&mut self.boss).await.unwrap()
    }

    async fn until_scanned(&mut self, times: i64) {
        for _ in 0..1_000 {
            if self.scans().await == times {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("read {} times", self.scans().await);
    }
}

impl Word {
    fn run(
        &self,
        spec: &AttemptSpec,
        target: &ResolvedTarget,
        config: &RunConfig,
    ) -> (impl Future<Output = Ran>, Receiver<OutputContent>) {
        let (sink, chunks) = OutputSink::channel(8);
        let run = async move {
            farol_engine::run_held(spec, target, config, sink, &self.cancel, &Desk::empty(), &self.intent).await
        };
        (run, chunks)
    }
}

#[tokio::test]
async fn a_read_is_made_ready_and_runs_when_its_intent_is_committed() {
    for warm in [0, 1] {
        let mut place = Place::new().await;
        let config = RunConfig { warm: Warm::new(warm), ..place.config.clone() };
        let (target, spec, word) = (place.ro(), read(READ), Word::default());
        if warm > 0 {
            common::run_with(&read("select 1"), &target, &config, &CancellationToken::new()).await;
            common::until_ready(&place.urls.superuser, 1).await;
        }
        let (run, mut chunks) = word.run(&spec, &target, &config);
        let mut run = pin!(run);
        tokio::select! {
            ran = &mut run => panic!("it ended: {ran:?}"),
            pid = place.until(&spec, "idle in transaction") => assert!(pid > 0),
        }
        assert!(chunks.try_recv().is_err(), "nothing is said yet");
        assert_eq!(place.scans().await, 0);
        word.intent.commit();
        let ran = run.await;
        assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(1)));
        place.until_scanned(1).await;
    }
}

#[tokio::test]
async fn a_read_whose_intent_is_never_committed_leaves_nothing() {
    let mut place = Place::new().await;
    let (config, target, word) = (place.config.clone(), place.ro(), Word::default());
    for spec in [read(READ), common::with_binds(read("select a + 1 from t where a = $1"), &["1"])] {
        {
            let (run, _chunks) = word.run(&spec, &target, &config);
            let mut run = pin!(run);
            let prepared = AttemptSpec {
                // Values go into a statement that is prepared by name.
                text: if spec.binds.is_empty() {
                    spec.text.clone()
                } else {
                    format!("prepare farol_step as {}", spec.text)
                },
                ..spec.clone()
            };
            tokio::select! {
                ran = &mut run => panic!("it ended: {ran:?}"),
                pid = place.until(&prepared, "idle in transaction") => assert!(pid > 0),
            }
        }
        place.until_gone(&spec).await;
        assert_eq!(place.scans().await, 0, "{}", spec.text);
    }
}

#[tokio::test]
async fn a_text_that_cannot_be_prepared_ends_when_its_intent_is_committed_and_not_before() {
    let mut place = Place::new().await;
    let (config, target) = (place.config.clone(), place.ro());
    for text in ["selec 1", "select a from t; select 1", "select a from nowhere"] {
        let (spec, word) = (read(text), Word::default());
        let (run, mut chunks) = word.run(&spec, &target, &config);
        let mut run = pin!(run);
        tokio::select! {
            ran = &mut run => panic!("it ended: {ran:?}"),
            _ = place.until(&spec, "idle in transaction (aborted)") => {}
        }
        for _ in 0..10 {
            assert!(run.as_mut().now_or_never().is_none() && chunks.try_recv().is_err(), "{text}");
            place.seen(&spec).await;
        }
        word.intent.commit();
        let ran = run.await;
        let failed = (Outcome::Failed, Some(FailureCode::StatementRefused));
        assert_eq!((ran.result.outcome, ran.result.failure), failed, "{text}");
        assert!(matches!(chunks.recv().await, Some(OutputContent::Stderr { .. })), "the server's words are told");
        place.until_gone(&spec).await;
    }
    assert_eq!(place.scans().await, 0);
}

#[tokio::test]
async fn a_connection_lost_before_the_sending_is_no_doubt() {
    let mut place = Place::new().await;
    let (config, target, spec, word) = (place.config.clone(), place.ro(), read(READ), Word::default());
    let (run, _chunks) = word.run(&spec, &target, &config);
    let mut run = pin!(run);
    let pid = tokio::select! {
        ran = &mut run => panic!("it ended: {ran:?}"),
        pid = place.until(&spec, "idle in transaction") => pid,
    };
    place.boss.execute(sqlx::query("select pg_terminate_backend($1)").bind(pid)).await.unwrap();
    place.until_gone(&spec).await;
    word.intent.commit();
    let ran = run.await;
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::ConnectionLost)));
    assert_eq!(place.scans().await, 0);
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_said_when_the_intent_is_committed() {
    let (mut place, spec, word) = (Place::new().await, read("select 1"), Word::default());
    let config = place.config.clone();
    let nowhere = database(DatabaseKind::Postgres, "postgres://farol@127.0.0.1:1/none");
    let (run, mut chunks) = word.run(&spec, &nowhere, &config);
    let mut run = pin!(run);
    // To be refused by this machine takes no longer than to ask a server something.
    for _ in 0..10 {
        assert!(run.as_mut().now_or_never().is_none() && chunks.try_recv().is_err());
        place.seen(&spec).await;
    }
    word.intent.commit();
    assert_eq!(run.await.result.failure, Some(FailureCode::Unreachable));
}

/// What may change something, and what another than Postgres would have to hold to reading, is not begun.
#[tokio::test]
async fn nothing_else_is_touched_before_its_intent_is_committed() {
    let mut place = Place::new().await;
    let rw = database(DatabaseKind::Postgres, &place.urls.rw);
    let (target, config) = (shell(), place.config.clone());
    let specs = [
        (write("insert into t values (2)"), &rw),
        (write("with new as (insert into t values (3) returning a) select a from new"), &rw),
        (script("touch ran"), &target),
    ];
    for (spec, target) in specs {
        let word = Word::default();
        let (run, _chunks) = word.run(&spec, target, &config);
        let mut run = pin!(run);
        for _ in 0..10 {
            assert!(run.as_mut().now_or_never().is_none());
            assert_eq!(place.seen(&spec).await, None, "{}", spec.text);
        }
        assert!(!config.workspaces.join("1").exists());
        word.intent.commit();
        assert_eq!(run.await.result.outcome, Outcome::Succeeded, "{}", spec.text);
    }
    assert!(config.workspaces.join("1/ran").exists());
}

async fn save(scene: &Scene, place: &Place) -> Target {
    let save = SaveTarget {
        description: "Orders".into(),
        environment: Environment::Sandbox,
        database: Some(DatabaseKind::Postgres),
        credentials: vec![NewCredential { role: CredentialRole::ReadOnly, url: place.urls.ro.clone() }],
        shell: None,
        timeout_seconds: None,
        approvals: farol_api::target::LeastApprovals::default(),
    };
    scene.store.save_target(&"orders".parse().unwrap(), &save).await.unwrap()
}

/// Has an attempt queued whose intent is refused as it is handed over; says whether it was handed over, else it still runs.
async fn refused(scene: &Scene, place: &mut Place, spec: &AttemptSpec) -> bool {
    let mut boss = PgConnection::connect(&scene.url).await.unwrap();
    boss.execute(sqlx::raw_sql(REFUSE_INTENTS)).await.unwrap();
    let (store, incident, actor) = (scene.store.clone(), scene.incident, Actor::Person(person(&scene.requester)));
    let decision = asked_and_queued(spec, Environment::Sandbox);
    let append = async move { store.append(incident, actor, |_, _| Ok::<_, Infallible>(decision)).await };
    let mut queued = tokio::spawn(append);
    let handed = tokio::select! {
        _ = place.until(spec, "idle in transaction") => true,
        queued = &mut queued => {
            queued.unwrap().unwrap();
            false
        }
    };
    assert_eq!(scene.dispatches(spec.attempt).await, 0);
    boss.execute("select pg_advisory_unlock(1)").await.unwrap();
    if handed {
        assert!(queued.await.unwrap().is_err(), "whoever asked for it learns that it is not queued");
    }
    boss.execute("drop function refuse cascade").await.unwrap();
    handed
}

#[tokio::test]
async fn an_intent_that_is_refused_while_its_read_is_made_ready_ends_that_and_nothing_else() {
    let (scene, mut place) = (Scene::postgres().await, Place::new().await);
    let target = save(&scene, &place).await;
    let spec = |text: &str| AttemptSpec {
        target: target.id.clone(),
        target_version: target.version,
        ..scene.spec(CommandLanguage::Sql, text, RiskClass::Read)
    };
    let engine = scene.start(|config| config.poll = Duration::from_millis(50));

    // The engine looks at the queue from time to time, and what is queued just then is not handed over: it runs, then.
    let (mut attempt, mut scans) = (spec(READ), 0);
    while !refused(&scene, &mut place, &attempt).await {
        assert!(scans < 20, "nothing is ever handed over");
        assert_eq!(scene.end(&attempt).await.outcome, Outcome::Succeeded);
        (attempt, scans) = (spec(READ), scans + 1);
    }
    place.until_gone(&attempt).await;
    place.until_scanned(scans).await;
    assert_eq!(scene.results(attempt.attempt).await.len(), 0);

    let last = spec(READ);
    scene.queue(&last).await;
    assert_eq!(scene.end(&last).await.outcome, Outcome::Succeeded);
    place.until_scanned(scans + 1).await;
    engine.shutdown().await;
}

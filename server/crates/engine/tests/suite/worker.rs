//! The engine on a real store: from the queue to the record.

use std::time::Duration;

use crate::common;
use crate::scene::Scene;
use farol_api::event::{EventKind, FailureCode, Outcome};
use farol_api::graph::CommandLanguage;
use farol_api::output::OutputContent;
use farol_api::request::{NewCredential, SaveTarget};
use farol_api::risk::RiskClass;
use farol_api::target::{DatabaseKind, Environment};
use farol_incident::{Decision, SecretValue};
use farol_testkit::PostgresServer;

async fn a_read_goes_from_the_queue_to_the_record(scene: Scene) {
    let engine = scene.start(|_| {});
    let read = scene.spec(CommandLanguage::Sql, "select a from t order by a", RiskClass::Read);
    let script = scene.script("echo hello; exit 3");
    scene.queue(&read).await;
    scene.queue(&script).await;
    let result = scene.end(&read).await;
    assert_eq!((result.outcome, result.rows, result.truncated), (Outcome::Succeeded, Some(2), false));
    let output = scene.output(read.attempt).await;
    let rows = output.iter().filter_map(|content| match content {
        OutputContent::Rows { rows } => Some(rows.clone()),
        _ => None,
    });
    assert_eq!(rows.flatten().flatten().collect::<Vec<_>>(), [Some("1".to_owned()), Some("2".to_owned())]);
    assert_eq!(result.output_digest, farol_store::output_digest(&output));
    let result = scene.end(&script).await;
    assert_eq!((result.outcome, result.exit_code), (Outcome::Failed, Some(3)));
    engine.shutdown().await;
}

#[tokio::test]
async fn a_read_goes_from_the_queue_to_the_record_on_sqlite() {
    a_read_goes_from_the_queue_to_the_record(Scene::sqlite().await).await;
}

#[tokio::test]
async fn a_read_goes_from_the_queue_to_the_record_on_postgres() {
    a_read_goes_from_the_queue_to_the_record(Scene::postgres().await).await;
}

/// The incident's secret does not pass through the attempt's own parameters here; it is known all the same.
#[tokio::test]
async fn a_secret_of_the_incident_is_never_stored() {
    let scene = Scene::sqlite().await;
    let set = EventKind::ParameterSet { name: "token".into(), value: None, secret: true };
    let mut decision = Decision::from(set);
    decision.secret_value = Some(SecretValue { name: "token".into(), value: "s3cr3t-token-of-the-shop".into() });
    scene.append(decision).await;
    let engine = scene.start(|_| {});
    let script = scene.script("printf 's3cr3t-token'; sleep 0.2; printf -- '-of-the-shop\\n'");
    let read = scene.spec(
        CommandLanguage::Sql,
        "select 's3cr3t-token-of-the-shop' as \"s3cr3t-token-of-the-shop\"",
        RiskClass::Read,
    );
    for spec in [&script, &read] {
        scene.queue(spec).await;
        assert_eq!(scene.end(spec).await.outcome, Outcome::Succeeded);
        let output = format!("{:?}", scene.output(spec.attempt).await);
        assert!(output.contains("[secret]") && !output.contains("s3cr3t"), "{output}");
    }
    engine.shutdown().await;
}

/// Two servers on one store: every attempt runs once.
async fn several_servers_run_every_attempt_once(scene: Scene) {
    let specs: Vec<_> = (0..20).map(|number| scene.script(&format!("echo {number} >> log"))).collect();
    let engines = [scene.start(|_| {}), scene.start(|_| {})];
    for spec in &specs {
        scene.queue(spec).await;
    }
    for spec in &specs {
        assert_eq!(scene.end(spec).await.outcome, Outcome::Succeeded);
    }
    let mut log: Vec<u32> =
        std::fs::read_to_string(scene.file("log")).unwrap().lines().map(|line| line.parse().unwrap()).collect();
    log.sort_unstable();
    assert_eq!(log, (0..20).collect::<Vec<_>>());
    for engine in engines {
        engine.shutdown().await;
    }
}

#[tokio::test]
async fn several_servers_run_every_attempt_once_on_sqlite() {
    several_servers_run_every_attempt_once(Scene::sqlite().await).await;
}

#[tokio::test]
async fn several_servers_run_every_attempt_once_on_postgres() {
    several_servers_run_every_attempt_once(Scene::postgres().await).await;
}

#[tokio::test]
async fn a_person_stops_a_running_attempt() {
    let scene = Scene::sqlite().await;
    let engine = scene.start(|_| {});
    let spec = scene.script("touch ready; sleep 1000");
    scene.queue(&spec).await;
    scene.until_exists("ready").await;
    scene.cancel(&spec).await;
    let result = scene.end(&spec).await;
    assert_eq!((result.outcome, result.failure), (Outcome::Cancelled, None));
    engine.shutdown().await;
}

#[tokio::test]
async fn a_long_attempt_keeps_its_lease() {
    let scene = Scene::sqlite().await;
    let lease = Duration::from_secs(2);
    let engine = scene.start(|config| {
        config.lease = lease;
        config.sweep_every = Duration::from_millis(100);
    });
    let spec = scene.script("sleep 4; echo done");
    scene.queue(&spec).await;
    assert_eq!(scene.end(&spec).await.outcome, Outcome::Succeeded);
    engine.shutdown().await;
}

/// The store renews no more: the server stops the run itself, before anybody else may say that nobody knows.
#[tokio::test]
async fn a_run_ends_before_a_lease_that_cannot_be_renewed() {
    let scene = Scene::sqlite().await;
    let engine = scene.start(|config| {
        config.lease = Duration::from_secs(6);
        config.sweep_every = Duration::from_millis(200);
    });
    let spec = scene.script("trap 'touch asked; exit 1' TERM; touch ready; while :; do sleep 0.05; done");
    scene.queue(&spec).await;
    scene.until_exists("ready").await;
    scene
        .store_sql(
            "create trigger no_renewal before update of lease_until on attempts when new.lease_until is not null
         begin select raise(abort, 'no'); end",
        )
        .await;
    let result = scene.end(&spec).await;
    assert_eq!((result.outcome, result.failure), (Outcome::Failed, Some(FailureCode::ServerLost)));
    assert!(scene.file("asked").exists());
    engine.shutdown().await;
}

/// Another server recorded that nobody knows: the run is ended, and nothing more is written.
#[tokio::test]
async fn a_run_whose_claim_was_lost_is_ended() {
    let scene = Scene::sqlite().await;
    let engine = scene.start(|config| config.lease = Duration::from_millis(900));
    let spec = scene.script("touch ready; for i in $(seq 100000); do echo $i >> count; sleep 0.01; done");
    scene.queue(&spec).await;
    scene.until_exists("count").await;
    take_the_lease_away(&scene).await;
    let result = scene.end(&spec).await;
    assert_eq!((result.outcome, result.failure), (Outcome::OutcomeUnknown, Some(FailureCode::ServerLost)));
    while engine.running() > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The script's tree ends with the pipe to its runner.
    let count = || std::fs::read(scene.file("count")).unwrap().len();
    let mut before = count();
    loop {
        tokio::time::sleep(Duration::from_millis(300)).await;
        if count() == before {
            break;
        }
        before = count();
    }
    engine.shutdown().await;
    assert_eq!(scene.results(spec.attempt).await.len(), 1);
}

/// Does what a sweep of another server does once a lease has ended.
async fn take_the_lease_away(scene: &Scene) {
    loop {
        scene
            .store_sql(
                "update attempts set lease_until = '2020-01-01T00:00:00.000000+00:00' where lease_until is not null",
            )
            .await;
        if !scene.store.sweep().await.unwrap().unknown.is_empty() {
            return;
        }
    }
}

/// A server that stops says what it stopped, and leaves the queue to others.
#[tokio::test]
async fn a_shutdown_stops_what_runs_and_leaves_what_is_queued() {
    let scene = Scene::sqlite().await;
    let engine = scene.start(|config| config.concurrency = 1);
    let (running, queued) = (scene.script("touch ready; sleep 1000"), scene.script("echo later"));
    scene.queue(&running).await;
    scene.until_exists("ready").await;
    scene.queue(&queued).await;
    engine.shutdown().await;
    let result = scene.end(&running).await;
    assert_eq!((result.outcome, result.failure), (Outcome::Failed, Some(FailureCode::ServerLost)));
    assert_eq!(scene.dispatches(queued.attempt).await, 0);
    let next = scene.start(|_| {});
    assert_eq!(scene.end(&queued).await.outcome, Outcome::Succeeded);
    next.shutdown().await;
}

/// The target changed after it was approved: nothing runs.
#[tokio::test]
async fn what_changed_since_the_approval_does_not_run() {
    let scene = Scene::sqlite().await;
    let mut spec = scene.script("touch ran");
    spec.target_version += 1;
    scene.queue(&spec).await;
    let engine = scene.start(|_| {});
    while scene.results(spec.attempt).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let result = scene.results(spec.attempt).await.remove(0);
    assert_eq!((result.outcome, result.failure), (Outcome::Voided, Some(FailureCode::ApprovalVoid)));
    assert_eq!((scene.dispatches(spec.attempt).await, scene.file("ran").exists()), (0, false));
    engine.shutdown().await;
}

/// The store takes no more output, as when its disk is full: the output is lost and said to be, the end is not.
#[tokio::test]
async fn output_that_cannot_be_stored_never_hides_the_end() {
    let scene = Scene::sqlite().await;
    let engine = scene.start(|_| {});
    scene
        .store_sql("create trigger no_output before insert on output_chunks begin select raise(abort, 'full'); end")
        .await;
    let spec = scene.script("for i in $(seq 5000); do echo line $i; done; touch done");
    scene.queue(&spec).await;
    let result = scene.end(&spec).await;
    assert_eq!((result.outcome, result.failure), (Outcome::Succeeded, Some(FailureCode::OutputNotStored)));
    assert!(result.truncated && result.output_digest.is_none() && scene.file("done").exists());
    let read = scene.spec(CommandLanguage::Sql, "select a from t", RiskClass::Read);
    scene.queue(&read).await;
    assert_eq!(scene.end(&read).await.failure, Some(FailureCode::OutputNotStored));
    engine.shutdown().await;
}

/// The store takes no event for a while: the end is recorded once it does again.
#[tokio::test]
async fn an_end_that_cannot_be_recorded_is_tried_again() {
    let scene = Scene::sqlite().await;
    let engine = scene.start(|_| {});
    let spec = scene.script("touch ready; while [ ! -e go ]; do sleep 0.01; done; touch done");
    scene.queue(&spec).await;
    scene.until_exists("ready").await;
    scene.store_sql("create trigger no_events before insert on events begin select raise(abort, 'full'); end").await;
    std::fs::write(scene.file("go"), "").unwrap();
    scene.until_exists("done").await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(scene.results(spec.attempt).await, []);
    scene.store_sql("drop trigger no_events").await;
    assert_eq!(scene.end(&spec).await.outcome, Outcome::Succeeded);
    engine.shutdown().await;
}

/// Connections that wait for attempts go with what they were opened for, and with the server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_wait_are_closed_when_their_target_changes_and_when_the_server_stops() {
    let mut scene = Scene::sqlite().await;
    let urls = PostgresServer::shared().create_target(&format!("w{}", common::fresh_attempt().0.simple())).await;
    let save = |url: &str, description: &str| SaveTarget {
        description: description.into(),
        environment: Environment::Sandbox,
        database: Some(DatabaseKind::Postgres),
        credentials: vec![NewCredential { role: farol_api::target::CredentialRole::ReadOnly, url: url.to_owned() }],
        shell: None,
        timeout_seconds: None,
        approvals: farol_api::target::LeastApprovals::default(),
    };
    let id = "pg".parse().unwrap();
    scene.target = scene.store.save_target(&id, &save(&urls.ro, "first")).await.unwrap();
    let engine = scene.start(|config| config.run.warm = farol_engine::sql::Warm::new(2));
    let spec = scene.spec(CommandLanguage::Sql, "select 1", RiskClass::Read);
    scene.queue(&spec).await;
    common::until_ready(&urls.superuser, 2).await;
    scene.store.save_target(&id, &save(&urls.ro, "second")).await.unwrap();
    common::until_ready(&urls.superuser, 0).await;
    scene.target = scene.store.target(&id).await.unwrap().unwrap();
    let spec = scene.spec(CommandLanguage::Sql, "select 1", RiskClass::Read);
    scene.queue(&spec).await;
    common::until_ready(&urls.superuser, 2).await;
    engine.shutdown().await;
    common::until_ready(&urls.superuser, 0).await;
}

use std::time::Duration;

use farol_api::event::Actor;
use farol_api::target::Environment;
use farol_api::user::Role;
use farol_testkit::builders::{declared, incident, user};
use tokio::sync::watch;

use crate::scene::{LEASE, Scene, append, claim, note};

/// Waits for a wake-up; the time is a deadline, far beyond what it takes.
async fn woken(receiver: &mut watch::Receiver<u64>) {
    let changed = tokio::time::timeout(Duration::from_secs(30), receiver.changed()).await;
    changed.expect("a wake-up").expect("an open store");
}

on_both! {
    async fn a_commit_wakes_who_watches_the_incident(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let watched = incident(store, &ana, declared("Slow")).await;
        let mut receiver = store.watch(watched);
        let mut all = store.watch_all();
        append(store, watched, &ana, note("x")).await;
        woken(&mut receiver).await;
        woken(&mut all).await;
    }

    async fn queued_attempts_wake_workers_and_output_wakes_readers(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let mut jobs = store.jobs_ready();
        scene.queue(store, &scene.spec(&db, "fix")).await;
        woken(&mut jobs).await;
        let claim = claim(store).await;
        let mut receiver = store.watch(scene.incident);
        receiver.mark_unchanged();
        let text = farol_api::output::OutputContent::Stdout { text: "x".into() };
        store.append_output(&claim, vec![text]).await.unwrap();
        woken(&mut receiver).await;
    }
}

/// On SQLite, where nothing of before is still on its way.
#[tokio::test]
async fn nobody_is_woken_by_another_incident_or_by_a_refusal() {
    let db = farol_testkit::TestDb::sqlite().await;
    let store = db.store();
    let ana = user(store, "Ana", Role::Responder).await;
    let id = incident(store, &ana, declared("Slow")).await;
    let other = incident(store, &ana, declared("Other")).await;
    let receiver = store.watch(id);
    append(store, other, &ana, note("x")).await;
    let refused = store.append(id, Actor::System, |_, _| Err("no"));
    assert!(refused.await.is_err());
    assert!(!receiver.has_changed().unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_server_on_the_same_postgres_is_woken_too() {
    let db = farol_testkit::TestDb::postgres().await;
    let there = db.another().await;
    let scene = Scene::new(&db, Environment::Sandbox).await;
    let (mut receiver, mut jobs) = (there.watch(scene.incident), there.jobs_ready());
    append(db.store(), scene.incident, &scene.requester, note("x")).await;
    woken(&mut receiver).await;
    let events = there.events(scene.incident).await.unwrap();
    assert_eq!(events.len(), 2);
    scene.queue(db.store(), &scene.spec(&db, "fix")).await;
    woken(&mut jobs).await;
    assert!(there.take_next("w", LEASE).await.unwrap().is_some());
}

/// A database that restarts takes the listening connection with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_that_lost_its_connection_listens_again_and_wakes_everybody() {
    let db = farol_testkit::TestDb::postgres().await;
    let there = db.another().await;
    let ana = user(db.store(), "Ana", Role::Responder).await;
    let id = incident(db.store(), &ana, declared("Slow")).await;
    let mut receiver = there.watch(id);
    receiver.mark_unchanged();
    let name = db.url().rsplit('/').next().unwrap().split('?').next().unwrap();
    let kill = format!(
        "select pg_terminate_backend(pid) from pg_stat_activity \
         where datname = '{name}' and query ilike 'listen%'"
    );
    farol_testkit::PostgresServer::shared().execute("postgres", kill).await;
    woken(&mut receiver).await;
    append(db.store(), id, &ana, note("after")).await;
    woken(&mut receiver).await;
}

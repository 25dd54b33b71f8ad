//! An attempt is dispatched at most once, whatever races.

use std::collections::BTreeSet;

use chrono::Duration;
use farol_api::event::Outcome;
use farol_api::id::AttemptId;
use farol_api::target::Environment;
use farol_incident::spec::AttemptSpec;
use farol_store::Store;
use farol_testkit::TestDb;
use tokio::task::JoinSet;

use crate::scene::{LEASE, Scene, claim, dispatches, results, succeeded};

async fn queue_many(db: &TestDb, scene: &Scene, count: usize) -> Vec<AttemptSpec> {
    let mut specs = Vec::with_capacity(count);
    for number in 0..count {
        let spec = scene.spec(db, &format!("step-{number}"));
        scene.queue(db.store(), &spec).await;
        specs.push(spec);
    }
    specs
}

/// Takes and ends until nothing waits; returns what it sent.
async fn work(store: Store, name: String) -> Vec<AttemptId> {
    let mut sent = Vec::new();
    while let Some(taken) = store.take_next(&name, LEASE).await.unwrap() {
        sent.push(taken.claim.attempt());
        store.finish(&taken.claim, succeeded()).await.unwrap();
    }
    sent
}

on_both! {
    async fn many_workers_on_two_servers_send_each_attempt_once(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let specs = queue_many(&db, &scene, 24).await;
        let servers = [db.store().clone(), db.another().await];
        let mut workers = JoinSet::new();
        for number in 0..8 {
            workers.spawn(work(servers[number % 2].clone(), format!("worker-{number}")));
        }
        let sent: Vec<AttemptId> = workers.join_all().await.concat();
        assert_eq!(sent.len(), 24);
        assert_eq!(sent.into_iter().collect::<BTreeSet<_>>().len(), 24);
        for spec in &specs {
            assert_eq!(dispatches(db.store(), spec).await, 1);
            assert_eq!(results(db.store(), spec).await.len(), 1);
        }
    }

    async fn one_attempt_is_sent_once_however_many_want_it(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(db.store(), &spec).await;
        let servers = [db.store().clone(), db.another().await];
        let mut tries = JoinSet::new();
        for number in 0..6 {
            let store = servers[number % 2].clone();
            tries.spawn(async move { store.take_next(&format!("w{number}"), LEASE).await.unwrap().is_some() });
        }
        let sent = tries.join_all().await;
        assert_eq!(sent.iter().filter(|sent| **sent).count(), 1);
        assert_eq!(dispatches(db.store(), &spec).await, 1);
    }

    /// What expired is never sent, whether a worker or a sweep sees it first, and ends once.
    async fn a_worker_races_the_sweep_for_what_expired(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let there = db.another().await;
        for number in 0..10 {
            let spec = scene.spec(&db, &format!("step-{number}"));
            scene.queue(db.store(), &spec).await;
            db.clock().set(spec.expires_at + Duration::seconds(1));
            let (taken, swept) = tokio::join!(db.store().take_next("w", LEASE), there.sweep());
            assert!(taken.unwrap().is_none());
            assert!(swept.unwrap().expired.len() <= 1);
            let ends: Vec<_> = results(db.store(), &spec).await.iter().map(|end| end.outcome).collect();
            assert_eq!((ends, dispatches(db.store(), &spec).await), (vec![Outcome::Voided], 0));
        }
    }

    /// A worker that comes back at the moment its lease is over: it holds the attempt on, or it is told that it lost it.
    async fn a_renewal_races_the_sweep(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let there = db.another().await;
        for number in 0..10 {
            let spec = scene.spec(&db, &format!("step-{number}"));
            scene.queue(db.store(), &spec).await;
            let claim = claim(db.store()).await;
            db.clock().advance(Duration::seconds(31));
            let (renewed, swept) = tokio::join!(db.store().renew(&claim), there.sweep());
            assert_eq!(usize::from(renewed.is_ok()) + swept.unwrap().unknown.len(), 1);
            let ended = db.store().finish(&claim, succeeded()).await;
            assert_eq!(ended.is_ok(), renewed.is_ok());
            assert_eq!(results(db.store(), &spec).await.len(), 1);
        }
    }

    /// Whichever comes first, the end is one.
    async fn a_worker_that_ends_races_the_sweep(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let there = db.another().await;
        for number in 0..10 {
            let spec = scene.spec(&db, &format!("step-{number}"));
            scene.queue(db.store(), &spec).await;
            let claim = claim(db.store()).await;
            db.clock().advance(Duration::seconds(31));
            let (ended, swept, again) = tokio::join!(
                db.store().finish(&claim, succeeded()),
                there.sweep(),
                db.store().sweep(),
            );
            let unknown = swept.unwrap().unknown.len() + again.unwrap().unknown.len();
            assert_eq!(usize::from(ended.is_ok()) + unknown, 1);
            assert_eq!(results(db.store(), &spec).await.len(), 1);
        }
    }
}

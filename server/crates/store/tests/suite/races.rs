//! An attempt is dispatched at most once, whatever races.

use std::collections::BTreeSet;

use chrono::Duration;
use farol_api::id::AttemptId;
use farol_api::target::Environment;
use farol_incident::spec::AttemptSpec;
use farol_store::{DispatchError, Store};
use farol_testkit::TestDb;
use tokio::task::JoinSet;

use crate::scene::{LEASE, Scene, dispatches, results, succeeded};

async fn queue_many(db: &TestDb, scene: &Scene, count: usize) -> Vec<AttemptSpec> {
    let mut specs = Vec::with_capacity(count);
    for number in 0..count {
        let spec = scene.spec(db, &format!("step-{number}"));
        scene.queue(db.store(), &spec).await;
        specs.push(spec);
    }
    specs
}

/// Claims, dispatches and ends until nothing waits; returns what it sent.
async fn work(store: Store, name: String) -> Vec<AttemptId> {
    let mut sent = Vec::new();
    while let Some(claim) = store.claim(&name, LEASE).await.unwrap() {
        match store.dispatch(&claim).await {
            Ok(_) => sent.push(claim.attempt()),
            Err(DispatchError::Lost) => continue,
            Err(error) => panic!("{error}"),
        }
        store.finish(&claim, succeeded()).await.unwrap();
    }
    sent
}

on_both! {
    async fn many_claimers_on_two_servers_send_each_attempt_once(db: TestDb) {
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

    async fn one_claim_is_dispatched_once_however_often_it_is_tried(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(db.store(), &spec).await;
        let claim = db.store().claim("w", LEASE).await.unwrap().unwrap();
        let servers = [db.store().clone(), db.another().await];
        let mut tries = JoinSet::new();
        for number in 0..6 {
            let (store, claim) = (servers[number % 2].clone(), claim.clone());
            tries.spawn(async move { store.dispatch(&claim).await.is_ok() });
        }
        let sent = tries.join_all().await;
        assert_eq!(sent.iter().filter(|sent| **sent).count(), 1);
        assert_eq!(dispatches(db.store(), &spec).await, 1);
    }

    /// The worker that slept past its lease wakes up at the moment the other sends.
    async fn of_an_old_and_a_new_claim_only_the_new_is_sent(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let there = db.another().await;
        for step in ["a", "b", "c", "d", "e"] {
            let spec = scene.spec(&db, step);
            scene.queue(db.store(), &spec).await;
            let old = db.store().claim("old", LEASE).await.unwrap().unwrap();
            db.clock().advance(Duration::seconds(31));
            let (here, other) = tokio::join!(db.store().sweep(), there.sweep());
            assert_eq!(here.unwrap().requeued.len() + other.unwrap().requeued.len(), 1);
            let new = there.claim("new", LEASE).await.unwrap().unwrap();
            let (first, second) = tokio::join!(db.store().dispatch(&old), there.dispatch(&new));
            assert!(matches!(first, Err(DispatchError::Lost)));
            second.unwrap();
            assert_eq!(dispatches(db.store(), &spec).await, 1);
            there.finish(&new, succeeded()).await.unwrap();
        }
    }

    /// A dispatch against sweeps after its lease: it is sent, or another may send it, never both.
    async fn a_late_dispatch_races_the_sweep(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let there = db.another().await;
        for number in 0..10 {
            let spec = scene.spec(&db, &format!("step-{number}"));
            scene.queue(db.store(), &spec).await;
            let late = db.store().claim("late", LEASE).await.unwrap().unwrap();
            db.clock().advance(Duration::seconds(31));
            let other = async {
                there.sweep().await.unwrap();
                work(there.clone(), "other".into()).await.len()
            };
            let (dispatched, mut others) = tokio::join!(db.store().dispatch(&late), other);
            if dispatched.is_err() {
                // A claim passes over a row that the late dispatch is just looking at; who asks again gets it.
                others += work(there.clone(), "again".into()).await.len();
            }
            assert_eq!(usize::from(dispatched.is_ok()) + others, 1);
            assert_eq!(dispatches(db.store(), &spec).await, 1);
        }
    }

    /// Whichever comes first, the end is one.
    async fn a_worker_that_ends_races_the_sweep(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let there = db.another().await;
        for number in 0..10 {
            let spec = scene.spec(&db, &format!("step-{number}"));
            scene.queue(db.store(), &spec).await;
            let claim = db.store().claim("w", LEASE).await.unwrap().unwrap();
            db.store().dispatch(&claim).await.unwrap();
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

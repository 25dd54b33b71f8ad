//! A clock that is set back while attempts wait, run and are lost.

use chrono::Duration;
use farol_api::clock::Clock;
use farol_api::event::Outcome;
use farol_api::target::Environment;
use farol_store::Swept;

use crate::record::verified;
use crate::scene::{LEASE, Scene, append, claim, dispatches, note, results, succeeded};

on_both! {
    async fn what_runs_when_the_clock_is_set_back_is_renewed_ends_once_and_is_proved(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let (store, there) = (db.store(), db.another().await);
        let (first, second) = (scene.spec(&db, "first"), scene.spec(&db, "second"));
        scene.queue(store, &first).await;
        let running = claim(store).await;
        db.clock().advance(Duration::hours(-2));
        // Queued by an earlier clock than the first, and taken all the same.
        scene.queue(store, &second).await;
        let other = claim(&there).await;
        assert_eq!(other.spec, second);
        for _ in 0..3 {
            db.clock().advance(Duration::seconds(20));
            for (store, claim) in [(store, &running), (&there, &other)] {
                assert_eq!(store.renew(claim).await.unwrap().lease_until, db.clock().now() + Duration::seconds(30));
            }
            assert_eq!(there.sweep().await.unwrap(), Swept::default());
        }
        store.finish(&running, succeeded()).await.unwrap();
        there.finish(&other, succeeded()).await.unwrap();
        assert!(store.take_next("w", LEASE).await.unwrap().is_none());
        for spec in [&first, &second] {
            assert_eq!((dispatches(store, spec).await, results(store, spec).await.len()), (1, 1));
        }
        store.checkpoint(scene.incident).await.unwrap();
        assert!(verified(store, scene.incident).await.proves());
    }

    async fn a_server_lost_before_the_clock_was_set_back_is_found_out_when_its_lease_ends(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let (store, lost) = (db.store(), scene.spec(&db, "lost"));
        scene.queue(store, &lost).await;
        claim(store).await;
        db.clock().advance(Duration::hours(-1));
        assert_eq!(store.sweep().await.unwrap(), Swept::default());
        append(store, scene.incident, &scene.requester, note("the clock was set back")).await;
        assert!(store.take_next("w", LEASE).await.unwrap().is_none(), "it was sent");
        db.clock().advance(Duration::hours(1) + Duration::seconds(31));
        assert_eq!(store.sweep().await.unwrap().unknown, [lost.attempt]);
        db.clock().advance(Duration::hours(-1));
        assert_eq!(store.sweep().await.unwrap(), Swept::default());
        let ends: Vec<_> = results(store, &lost).await.iter().map(|end| end.outcome).collect();
        assert_eq!((ends, dispatches(store, &lost).await), (vec![Outcome::OutcomeUnknown], 1));
        store.checkpoint(scene.incident).await.unwrap();
        assert!(verified(store, scene.incident).await.proves());
    }

    /// What expired and ended is not there again because the clock says that it is early.
    async fn what_expired_stays_void_when_the_clock_is_set_back(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let (store, late) = (db.store(), scene.spec(&db, "late"));
        scene.queue(store, &late).await;
        db.clock().set(late.expires_at + Duration::seconds(1));
        assert_eq!(store.sweep().await.unwrap().expired, [late.attempt]);
        db.clock().advance(Duration::hours(-1));
        assert!(store.take_next("w", LEASE).await.unwrap().is_none());
        assert_eq!((dispatches(store, &late).await, results(store, &late).await.len()), (0, 1));
    }
}

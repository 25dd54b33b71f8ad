use chrono::Duration;
use farol_api::event::{EventKind, FailureCode, Outcome};
use farol_api::incident::StepStatus;
use farol_api::target::Environment;
use farol_store::{LeaseError, Swept};

use farol_testkit::builders::{declared, incident};

use crate::scene::{LEASE, Scene, claim, dispatches, results, succeeded, tamper};

on_both! {
    async fn a_sweep_of_what_is_well_does_nothing(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        scene.queue(store, &scene.spec(&db, "a")).await;
        scene.queue(store, &scene.spec(&db, "b")).await;
        claim(store).await;
        db.clock().advance(Duration::seconds(30));
        assert_eq!(store.sweep().await.unwrap(), Swept::default());
    }

    async fn what_another_program_claimed_and_never_dispatched_is_queued_again(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        tamper(&db, "update attempts set state = 'claimed', worker = 'older', fencing_token = 1, \
                     lease_until = '2020-01-01T00:00:00.000000+00:00'").await;
        assert_eq!(store.sweep().await.unwrap().requeued, [spec.attempt]);
        let claim = claim(store).await;
        assert_eq!((claim.attempt(), claim.fencing_token), (spec.attempt, 2));
        assert_eq!(dispatches(store, &spec).await, 1);
    }

    async fn what_was_dispatched_by_a_lost_server_ends_unknown_once_and_never_runs_again(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let claim = claim(store).await;
        db.clock().advance(Duration::seconds(31));
        assert_eq!(store.sweep().await.unwrap().unknown, [spec.attempt]);
        assert_eq!(store.sweep().await.unwrap(), Swept::default());
        let ends = results(store, &spec).await;
        assert_eq!(ends.len(), 1);
        assert_eq!(ends[0].outcome, Outcome::OutcomeUnknown);
        assert_eq!(ends[0].failure, Some(FailureCode::ServerLost));
        assert_eq!(ends[0].duration_ms, 31_000);
        assert!(store.take_next("next", LEASE).await.unwrap().is_none());
        assert!(matches!(store.finish(&claim, succeeded()).await, Err(LeaseError::Lost)));
        let state = store.state(scene.incident).await.unwrap().unwrap();
        assert_eq!(state.steps[&spec.step].status, StepStatus::OutcomeUnknown);
    }

    async fn output_of_a_lost_server_stays_under_its_digest(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let claim = claim(store).await;
        let text = farol_api::output::OutputContent::Stdout { text: "half".into() };
        store.append_output(&claim, vec![text.clone()]).await.unwrap();
        db.clock().advance(Duration::seconds(31));
        store.sweep().await.unwrap();
        let ends = results(store, &spec).await;
        assert_eq!(ends[0].output_digest, farol_store::output_digest([&text]));
    }

    async fn a_request_nobody_approved_in_time_is_void(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.ask(store, &spec).await;
        db.clock().set(spec.expires_at);
        assert_eq!(store.sweep().await.unwrap(), Swept::default());
        db.clock().advance(Duration::seconds(1));
        assert_eq!(store.sweep().await.unwrap().expired, [spec.attempt]);
        let ends = results(store, &spec).await;
        assert_eq!(ends.len(), 1);
        assert_eq!((ends[0].outcome, ends[0].failure), (Outcome::Voided, Some(FailureCode::ApprovalVoid)));
        let state = store.state(scene.incident).await.unwrap().unwrap();
        assert_eq!(state.steps[&spec.step].status, StepStatus::Pending);
    }

    async fn what_was_queued_too_long_is_void(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        db.clock().set(spec.expires_at + Duration::seconds(1));
        assert_eq!(store.sweep().await.unwrap().expired, [spec.attempt]);
        assert!(store.take_next("w", LEASE).await.unwrap().is_none());
        assert!(store.events(scene.incident).await.unwrap().iter().all(|event| {
            !matches!(event.kind, EventKind::AttemptDispatched { .. })
        }));
    }

    async fn an_incident_that_cannot_be_read_keeps_no_other_unswept(db: TestDb) {
        let store = db.store();
        let mut scene = Scene::new(&db, Environment::Sandbox).await;
        // More than a sweep looks at at once.
        for number in 0..101 {
            scene.queue(store, &scene.spec(&db, &format!("stuck-{number}"))).await;
        }
        claim(store).await;
        scene.incident = incident(store, &scene.requester, declared("Another")).await;
        let (lost, late) = (scene.spec(&db, "lost"), scene.spec(&db, "late"));
        scene.queue(store, &lost).await;
        while claim(store).await.attempt() != lost.attempt {}
        scene.queue(store, &late).await;
        tamper(&db, "update events set kind = 'nothing' where incident_id = 1 and seq = 1").await;
        let other = db.another().await;
        db.clock().set(late.expires_at + Duration::seconds(1));
        let swept = other.sweep().await.unwrap();
        assert_eq!((swept.unknown, swept.expired), (vec![lost.attempt], vec![late.attempt]));
    }
}
